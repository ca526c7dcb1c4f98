// Programs of another architecture on this machine's kernel, as building an image for it needs them.
import { existsSync } from 'node:fs';
import type { Say } from '../../fixtures/clusters/cluster.ts';
import { SetupError } from '../../src/errors.ts';
import { install } from './debian.ts';
import { run } from './run.ts';

const REGISTERED = '/proc/sys/fs/binfmt_misc';
const QEMU_NAMES = { amd64: 'x86_64', arm64: 'aarch64' } as const;

/**
 * Makes sure that the kernel hands programs of this architecture to qemu, in containers too. Whoever did so before us is
 * as good. Throws a SetupError where neither is possible.
 */
export async function ensureEmulation(arch: keyof typeof QEMU_NAMES, say: Say): Promise<void> {
  const name = `qemu-${QEMU_NAMES[arch]}`;
  const isThere = () => existsSync(`${REGISTERED}/${name}`);
  if (isThere()) return;
  await install(['qemu-user-static', 'binfmt-support'], `programs for ${arch}`, say);
  // Its own start script mounts what it needs, where there is an init system; a container has none.
  if (!existsSync(`${REGISTERED}/status`))
    await run('mount', ['-t', 'binfmt_misc', 'binfmt_misc', REGISTERED], { limitSeconds: 60 });
  if (!isThere()) await run('update-binfmts', ['--enable', name], { limitSeconds: 60 });
  if (isThere()) return;
  throw new SetupError({
    code: 'image-emulation',
    message: `this kernel does not take programs for ${arch} to qemu (${REGISTERED}/${name} is not there)`,
    hint: `build the image on an ${arch} machine`,
  });
}
