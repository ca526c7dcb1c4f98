// The bill of materials (CycloneDX 1.5): npm's, from the lock file, and the Node.js that the images hold besides.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './cluster/run.ts';

const root = join(import.meta.dirname, '..');

interface LockEntry {
  dev?: boolean;
  devDependencies?: Record<string, string>;
}
interface Lock {
  packages: { [path: string]: LockEntry; '': LockEntry };
}

interface Bom {
  components: { 'bom-ref'?: string; type: string; name: string; version: string; purl: string }[];
}

/** Its text. The packages from Debian (libc, libstdc++, iputils-ping, iproute2) are those of the day: they are not in it. */
export async function billOfMaterials(): Promise<string> {
  const bom = await npmsBill();
  const { version } = JSON.parse(await readFile(join(root, 'node_modules/node/package.json'), 'utf8'));
  const purl = `pkg:generic/node@${version}`;
  bom.components.push({ 'bom-ref': purl, type: 'application', name: 'node', version, purl });
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/**
 * Of a package that needs nothing for its development: with `--omit=dev` npm (11.19) leaves out as well what it needs at
 * run time, if something else needs that for the development.
 */
async function npmsBill(): Promise<Bom> {
  const { devDependencies: _, ...manifest } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const lock: Lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const { devDependencies: __, ...top } = lock.packages[''];
  const shipped = Object.entries(lock.packages).filter(([, { dev }]) => !dev);
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-sbom-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    const packages = { ...Object.fromEntries(shipped), '': top };
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
    const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
    return JSON.parse(await run('npm', args, { cwd: folder, limitSeconds: 120 }));
  } finally {
    await rm(folder, { recursive: true });
  }
}
