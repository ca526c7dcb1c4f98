// Which machines an image is for. Docker and Kubernetes say amd64, Node.js and npm say x64.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../../src/errors.ts';
import { cached } from '../cluster/cache.ts';
import { run } from '../cluster/run.ts';

const NPM_NAMES = { amd64: 'x64', arm64: 'arm64' } as const;
export type Arch = keyof typeof NPM_NAMES;

const modules = join(import.meta.dirname, '../../node_modules');

/** This machine's, or the one that was asked for. Throws a SetupError that names the flag and what came. */
export function archOf(asked: string = process.arch): Arch {
  const found = Object.entries(NPM_NAMES).find((names) => names.includes(asked));
  if (found !== undefined) return found[0] as Arch;
  const message = `--arch: images are for ${Object.keys(NPM_NAMES).join(' or ')} (got "${asked}")`;
  throw new SetupError({ code: 'image-arch', message });
}

export function npmName(arch: Arch): string {
  return NPM_NAMES[arch];
}

/** Path of the pinned Node.js for this architecture: from npm's own package for it, where it is not ours. */
export async function nodeBinary(arch: Arch): Promise<string> {
  if (arch === archOf()) return join(modules, 'node/bin/node');
  const { version } = JSON.parse(await readFile(join(modules, 'node/package.json'), 'utf8'));
  const name = `node-linux-${npmName(arch)}`;
  const folder = await cached('programs', `${name}-${version}`, async (into) => {
    await run('npm', ['pack', `${name}@${version}`, '--pack-destination', into], { limitSeconds: 600 });
    const tarball = join(into, `${name}-${version}.tgz`);
    await run('tar', ['-xzf', tarball, '-C', into, '--strip-components=2', 'package/bin/node'], {
      limitSeconds: 120,
    });
    await run('rm', [tarball], { limitSeconds: 60 });
  });
  return join(folder, 'node');
}
