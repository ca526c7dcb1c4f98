import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The flag for a configuration file with this content, which is JSON and so YAML too. */
export async function configured(content: object): Promise<string[]> {
  const file = join(await mkdtemp(join(tmpdir(), 'netaccept-config-')), 'netaccept.yaml');
  await writeFile(file, JSON.stringify(content));
  return ['--config', file];
}
