// The bill of materials (CycloneDX 1.5): npm's, from the lock file, and the Node.js that the images hold besides.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './cluster/run.ts';

const root = join(import.meta.dirname, '..');

interface Bom {
  components: { 'bom-ref'?: string; type: string; name: string; version: string; purl: string }[];
}

/** Its text. The packages from Debian (libc, libstdc++, iputils-ping, iproute2) are those of the day: they are not in it. */
export async function billOfMaterials(): Promise<string> {
  const args = ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--package-lock-only'];
  const stdout = await run('npm', args, { cwd: root, limitSeconds: 120 });
  const bom = JSON.parse(stdout) as Bom;
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/node/package.json'), 'utf8'));
  const purl = `pkg:generic/node@${version}`;
  bom.components.push({ 'bom-ref': purl, type: 'application', name: 'node', version, purl });
  return `${JSON.stringify(bom, null, 2)}\n`;
}
