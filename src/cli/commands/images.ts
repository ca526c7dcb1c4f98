import type { Command } from 'commander';

export interface ImagesFlags {
  config?: string;
  json?: true;
}

export function addImages(program: Command): void {
  program
    .command('images')
    .description(
      'list every image that a cluster needs, as the configuration names it: for mirrors and air gaps',
    )
    .option('--config <file>', 'netaccept.yaml, or a config.json of netctl')
    .option('--json', 'print them as JSON')
    .action(async (flags: ImagesFlags) => (await import('../images.ts')).listImages(flags));
}
