// Debian trixie as a Docker image: pulled where a registry answers, else made by debootstrap from
// Debian's packages. The Node image and the agent's image stand on it.
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Say } from '../../fixtures/clusters/cluster.ts';
import { SetupError } from '../../src/errors.ts';
import { type Arch, archOf } from '../image/arch.ts';
import { cached } from './cache.ts';
import { install, onPath } from './debian.ts';
import { importImage } from './import-image.ts';
import { pullImage } from './pull.ts';
import { run } from './run.ts';

const own = 'netaccept/base:trixie';
const upstream = 'debian:trixie-slim';
const mirror = 'http://deb.debian.org/debian';

/** Makes sure that Docker has the base image, for another architecture than this machine's if one is named; returns its reference. */
export async function ensureBaseImage(say: Say, foreign?: Arch): Promise<string> {
  const tag = foreign === undefined ? own : `${own}-${foreign}`;
  const platform = foreign === undefined ? [] : ['--platform', `linux/${foreign}`];
  if (!(await execa('docker', ['image', 'inspect', tag], { reject: false })).failed) {
    return tag;
  }
  const refusal = await pullImage(upstream, say, platform);
  if (refusal === undefined) {
    await execa`docker tag ${upstream} ${tag}`;
    return tag;
  }
  say(`${upstream} cannot be pulled (${refusal}): making Debian trixie from its packages instead`);
  const archive = join(
    await cached('base', `trixie-minbase${foreign === undefined ? '' : `-${foreign}`}`, (folder) =>
      bootstrap(folder, foreign, say),
    ),
    'root.tar',
  );
  await importImage(archive, tag, foreign ?? archOf());
  return tag;
}

async function bootstrap(folder: string, foreign: Arch | undefined, say: Say): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new SetupError({
      code: 'cluster-base',
      message: `neither can ${upstream} be pulled nor, without root, Debian be installed into a folder`,
      hint: `run as root, or give Docker the image: docker tag SOME-DEBIAN-TRIXIE ${own}`,
    });
  }
  if (!(await onPath('debootstrap'))) {
    await install(['debootstrap'], 'a Debian base image', say);
  }
  say(
    `debootstrap of Debian trixie (once; ${foreign === undefined ? 'about a minute' : 'emulated, some minutes'})`,
  );
  const root = join(folder, 'root');
  const from = process.env.NETACCEPT_DEBIAN_MIRROR ?? mirror;
  const arch = foreign === undefined ? [] : [`--arch=${foreign}`];
  await run('debootstrap', ['--variant=minbase', ...arch, 'trixie', root, from], {
    limitSeconds: 1800,
    nice: true,
  });
  const unneeded = [
    'usr/share/doc',
    'usr/share/man',
    'usr/share/locale',
    'var/cache/apt',
    'var/lib/apt/lists',
  ];
  const keep = unneeded.flatMap((path) => ['--exclude', `./${path}/*`]);
  await run('tar', ['--numeric-owner', '-C', root, ...keep, '-cf', join(folder, 'root.part'), '.'], {
    limitSeconds: 300,
  });
  await rename(join(folder, 'root.part'), join(folder, 'root.tar'));
  await run('rm', ['-rf', '--one-file-system', root], { limitSeconds: 300 });
}
