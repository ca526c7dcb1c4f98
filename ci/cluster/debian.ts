import { execa } from 'execa';
import type { Say } from '../../fixtures/clusters/cluster.ts';
import { SetupError } from '../../src/errors.ts';
import { run } from './run.ts';

/** Whether apt-get can install here: Debian or its kin, as root. */
async function canInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await onPath('apt-get'));
}

/**
 * Installs Debian packages on this machine, those of `packages` that this release has: names differ between
 * releases. Throws a SetupError that names them where that cannot be done.
 */
export async function install(packages: string[], purpose: string, say: Say): Promise<void> {
  const names = packages.join(' ');
  if (!(await canInstall())) {
    throw new SetupError({
      code: 'cluster-tools',
      message: `${purpose} needs ${names}, which only root on Debian can have installed from here`,
      hint: `install it yourself (Debian: apt-get install ${names}) and try again`,
    });
  }
  say(`installing ${names} with apt-get, for ${purpose} (a minute or so)`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env, limitSeconds: 300 });
  // Only now do the package lists say what there is: on a new machine they are empty.
  const there = await known(packages);
  if (there.length === 0) {
    throw new SetupError({ code: 'cluster-tools', message: `${purpose}: apt-get knows none of ${names}` });
  }
  await run('apt-get', ['install', '-qy', '--no-install-recommends', ...there], {
    env,
    limitSeconds: 900,
  });
}

/** Of `packages`, those that the package lists know. */
async function known(packages: string[]): Promise<string[]> {
  const found = await Promise.all(
    packages.map(async (name) => {
      const { exitCode } = await execa('apt-cache', ['show', name], { reject: false });
      return exitCode === 0 ? [name] : [];
    }),
  );
  return found.flat();
}

export async function onPath(program: string): Promise<boolean> {
  const { exitCode } = await execa('sh', ['-c', 'command -v "$1"', 'sh', program], { reject: false });
  return exitCode === 0;
}
