import { neededImages } from '../suite/images.ts';
import { packageVersion } from '../suite/version.ts';
import type { ImagesFlags } from './commands/images.ts';
import { print } from './print.ts';
import { settingsFrom } from './settings.ts';

export async function listImages({ config, json }: ImagesFlags): Promise<void> {
  const settings = await settingsFrom(config === undefined ? {} : { config });
  const images = neededImages(settings, packageVersion());
  if (json === true) print(JSON.stringify(images, null, 2));
  else for (const { use, image } of images) print(`${use.padEnd(6)}  ${image}`);
}
