import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ExitCode } from '../model.ts';
import { newestRun } from '../suite/find-run.ts';
import { resumeRun } from '../suite/resume.ts';
import { runId } from '../suite/run-id.ts';
import { packageVersion } from '../suite/version.ts';
import { addShowFlags, runAndShow, type ShowFlags } from './show.ts';

interface ResumeFlags extends ShowFlags {
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
  addShowFlags(command).action(async (run: string | undefined, flags: ResumeFlags) =>
    exit(await resume(run, flags)),
  );
}

async function resume(given: string | undefined, flags: ResumeFlags): Promise<ExitCode> {
  const dir = resolve(given ?? (await newestRun('results')));
  const { kubeconfig, context, keep, clean, flaky = false, force = false } = flags;
  return runAndShow(flags, dir, ({ signal, tell }) =>
    resumeRun({
      dir,
      flaky,
      force,
      access: {
        kubeconfig: kubeconfig === undefined ? undefined : resolve(kubeconfig),
        context,
        keep: clean === true ? false : keep,
      },
      run: runId(new Date(), randomBytes(3).toString('hex')),
      tool: packageVersion(),
      signal,
      tell,
    }),
  );
}
