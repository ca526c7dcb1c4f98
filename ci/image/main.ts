// `npm run image [-- agent|runner] [--arch amd64|arm64]`: builds the image unless it is there, and says where it is.
import { stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf, SetupError } from '../../src/errors.ts';
import { billOfMaterials } from '../sbom.ts';
import { archOf } from './arch.ts';
import { buildImage } from './build.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const { values, positionals } = parseArgs({
    options: { arch: { type: 'string' } },
    allowPositionals: true,
  });
  const [target = 'agent', ...more] = positionals;
  if ((target !== 'agent' && target !== 'runner') || more.length > 0) {
    const got = positionals.join(' ');
    throw new SetupError({
      code: 'image-usage',
      message: `usage: npm run image -- agent | runner [--arch amd64 | arm64] (got "${got}")`,
    });
  }
  const { ref, archive } = await buildImage(target, say, archOf(values.arch));
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
  process.exitCode = 3;
}
