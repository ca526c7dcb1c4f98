import type { Command } from 'commander';
import { neededImages } from '../suite/images.ts';
import { packageVersion } from '../suite/version.ts';
import { print } from './print.ts';
import { settingsFrom } from './settings.ts';

export function addImages(program: Command): void {
  program
    .command('images')
    .description(
      'list every image that a cluster needs, as the configuration names it: for mirrors and air gaps',
    )
    .option('--config <file>', 'netaccept.yaml, or a config.json of netctl')
    .option('--json', 'print them as JSON')
    .action(async ({ config, json }: { config?: string; json?: true }) => {
      const settings = await settingsFrom(config === undefined ? {} : { config });
      const images = neededImages(settings, packageVersion());
      if (json === true) print(JSON.stringify(images, null, 2));
      else for (const { use, image } of images) print(`${use.padEnd(6)}  ${image}`);
    });
}
