import type { Command } from 'commander';

export function addChecks(program: Command): void {
  program
    .command('checks')
    .description('list the checks and paths that --only and --skip take')
    .action(async () => (await import('../checks.ts')).listChecks());
}
