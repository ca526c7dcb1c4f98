import type { Command } from 'commander';
import { checks, pathNames } from '../checks/registry.ts';
import { print } from './print.ts';

export function addChecks(program: Command): void {
  program
    .command('checks')
    .description('list the checks and paths that --only and --skip take')
    .action(() => {
      const rows = checks.map(({ name, title, proof }) => `  ${name.padEnd(6)} ${title}\n         ${proof}`);
      print(`Checks:\n${rows.join('\n')}\n\nPaths:\n  ${pathNames.join('\n  ')}`);
    });
}
