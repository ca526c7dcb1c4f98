// `npm run image [-- agent|runner]`: builds the image unless it is there, and says where it is.
import { stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, SetupError } from '../../src/errors.ts';
import { billOfMaterials } from '../sbom.ts';
import { buildImage } from './build.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const target = process.argv[2] ?? 'agent';
  if (target !== 'agent' && target !== 'runner') {
    throw new SetupError({
      code: 'image-usage',
      message: `usage: npm run image -- agent | runner (got "${target}")`,
    });
  }
  const { ref, archive } = await buildImage(target, say);
  const { size } = await stat(archive);
  say(`image    ${ref}`);
  say(`archive  ${archive}`);
  // Layers are not compressed in the archive.
  const bom = join(dirname(archive), 'sbom.cdx.json');
  await writeFile(bom, await billOfMaterials());
  say(`sbom     ${bom}`);
  say(`unpacked ${(size / 2 ** 20).toFixed(1)} MiB`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
