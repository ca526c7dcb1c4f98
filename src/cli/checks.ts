import type { Command } from 'commander';
import { checks, pathNames } from '../checks/registry.ts';
import { checksText } from '../report/checks-list.ts';
import { print, width } from './print.ts';

export function addChecks(program: Command): void {
  program
    .command('checks')
    .description('list the checks and paths that --only and --skip take')
    .action(() => print(`${checksText(checks, width())}\n\nPaths: ${pathNames.join(' ')}`));
}
