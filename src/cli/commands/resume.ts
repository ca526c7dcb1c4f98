import type { Command } from 'commander';
import type { ExitCode } from '../../model.ts';
import { addShowFlags, type ShowFlags } from './flags.ts';

export interface ResumeFlags extends ShowFlags {
  kubeconfig?: string;
  context?: string;
  flaky?: boolean;
  force?: boolean;
  keep?: boolean;
  clean?: boolean;
}

export function addResume(program: Command, exit: (code: ExitCode) => void): void {
  const command = program
    .command('resume')
    .description('run again what a run has not proven, with the settings that it was recorded with')
    .argument('[run]', 'folder of the run (default: the newest one in results)')
    .option('--flaky', 'also what passed only at a later attempt')
    .option('--force', 'though Nodes have come or gone: run what remains, the rest is errored')
    .option('--kubeconfig <file>', 'another way to the same cluster than was recorded')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--keep', 'leave the agents in the cluster')
    .option('--clean', 'remove the agents afterwards, whatever was recorded');
  addShowFlags(command).action(async (run: string | undefined, flags: ResumeFlags) => {
    const { resume } = await import('../resume.ts');
    exit(await resume(run, flags));
  });
}
