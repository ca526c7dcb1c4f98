import type { Command } from 'commander';
import type { ExitCode } from '../../model.ts';

export interface DiffFlags {
  json?: true;
  force?: true;
}

export function addDiff(program: Command, exit: (code: ExitCode) => void): void {
  program
    .command('diff')
    .description('what became of each case from one run to another: newly broken, fixed, slower …')
    .argument('<before>', "the earlier run's folder, such as results/<time>")
    .argument('<after>', "the later run's folder")
    .option('--json', 'print the comparison as JSON')
    .option('--force', 'also where the runs are of different clusters')
    .addHelpText('after', '\nExit codes: 0 nothing is newly broken · 1 something is · 3 misuse')
    .action(async (before: string, after: string, flags: DiffFlags) => {
      const { diff } = await import('../diff.ts');
      exit(await diff(before, after, flags));
    });
}
