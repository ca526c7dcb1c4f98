import type { Command } from 'commander';

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a commented netaccept.yaml with every setting and its default')
    .argument('[file]', 'where to', 'netaccept.yaml')
    .action(async (file: string) => (await import('../init.ts')).init(file));
}
