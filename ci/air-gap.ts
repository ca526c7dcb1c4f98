// `npm run bundle [-- DIR] [--arch amd64|arm64]`: one archive with all that a site without the Internet needs.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { commentedConfig } from '../src/config/init.ts';
import { messageOf } from '../src/errors.ts';
import { knownNames } from '../src/suite/names.ts';
import { packageVersion } from '../src/suite/version.ts';
import { run } from './cluster/run.ts';
import { type Arch, archOf } from './image/arch.ts';
import { buildImage, dockerBuild } from './image/build.ts';
import type { Target } from './image/context.ts';
import { billOfMaterials } from './sbom.ts';

const root = join(import.meta.dirname, '..');
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Returns the archive's path: `<folder>/netaccept-<version>-<architecture>.tar.gz`. */
export async function airGapBundle(folder: string, arch: Arch = archOf()): Promise<string> {
  const version = packageVersion();
  const name = `netaccept-${version}-${arch}`;
  const scratch = await mkdtemp(join(tmpdir(), 'netaccept-bundle-'));
  const content = join(scratch, name);
  try {
    await mkdir(content);
    const images = await taggedImages(version, arch);
    // Both in one: the runner's layers are the agent's and one more.
    await run('docker', ['save', '-o', join(content, 'images.tar'), ...images.map(({ ref }) => ref)], {
      limitSeconds: 300,
    });
    await writeFile(join(content, 'images.txt'), images.map(({ ref, id }) => `${ref}  ${id}\n`).join(''));
    for (const part of ['manifests', 'cronjob'])
      await cp(join(root, part), join(content, part), { recursive: true });
    await rm(join(content, 'cronjob/Dockerfile'));
    await writeFile(join(content, 'netaccept.yaml'), commentedConfig(version, knownNames));
    await writeFile(join(content, 'sbom.cdx.json'), await billOfMaterials());
    await writeFile(
      join(content, 'README.md'),
      (await readFile(join(root, 'cronjob/AIR-GAP.md'), 'utf8')).replaceAll('VERSION', version),
    );
    await mkdir(folder, { recursive: true });
    const archive = join(folder, `${name}.tar.gz`);
    await run('tar', ['-czf', archive, '-C', scratch, name], { limitSeconds: 600 });
    return archive;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Under the names by which manifests and settings know them. */
async function taggedImages(version: string, arch: Arch): Promise<{ ref: string; id: string }[]> {
  const images: { ref: string; id: string }[] = [];
  for (const target of ['agent', 'runner'] as const) {
    const built = await buildImage(target, say, arch);
    // Docker may have forgotten it, the cache has not.
    await run('docker', ['load', '-i', built.archive], { limitSeconds: 300 });
    const ref = `netaccept/${target}:${version}`;
    await release(built.ref, ref, { target, version, arch });
    const stdout = await run('docker', ['image', 'inspect', '-f', '{{.Id}}', ref], { limitSeconds: 60 });
    images.push({ ref, id: stdout.trim() });
  }
  return images;
}

/** The same layers, and what a registry shows of it. */
async function release(
  from: string,
  ref: string,
  { target, version, arch }: { target: Target; version: string; arch: Arch },
): Promise<void> {
  const labels = { title: `netaccept ${target}`, version, licenses: 'Apache-2.0' };
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-release-'));
  try {
    await writeFile(join(folder, 'Dockerfile'), `FROM ${from}\n`);
    const options = Object.entries(labels).flatMap(([name, value]) => [
      '--label',
      `org.opencontainers.image.${name}=${value}`,
    ]);
    await dockerBuild(folder, ['-t', ref, ...options], arch, 120);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    const { values, positionals } = parseArgs({
      options: { arch: { type: 'string' } },
      allowPositionals: true,
    });
    say(`bundle   ${await airGapBundle(resolve(positionals[0] ?? '.'), archOf(values.arch))}`);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 3;
  }
}
