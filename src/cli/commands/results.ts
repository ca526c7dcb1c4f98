import type { Command } from 'commander';
import type { ExitCode } from '../../model.ts';
import { addClusterFlags, addShowFlags, type ClusterFlags, type ShowFlags } from './flags.ts';

export interface ResultsFlags extends ClusterFlags, ShowFlags {
  last?: true;
  list?: true;
  out?: string;
}

export function addResults(program: Command, exit: (code: ExitCode) => void): void {
  const command = program
    .command('results')
    .description('bring results home that runs in the cluster left as ConfigMaps');
  addClusterFlags(command)
    .option('--last', 'the newest one, with all its reports')
    .option('--list', 'say which there are, the newest first')
    .option('--out <dir>', 'folder for the recording and the reports (default: results/<run>)')
    .addHelpText('after', "\nExit codes: of --last the run's own, 0 to 2 · 3 there is none, or misuse");
  addShowFlags(command).action(async (flags: ResultsFlags) => {
    const { results } = await import('../results.ts');
    exit(await results(flags));
  });
}
