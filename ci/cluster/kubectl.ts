import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Say } from '../../fixtures/clusters/cluster.ts';
import { ensureProgram } from './programs.ts';

/** A folder with the `kubectl` of the very version that the local cluster has, for PATH. */
export async function kubectlFolder(say: Say): Promise<string> {
  const program = await ensureProgram('kubernetes', say);
  const folder = join(dirname(program), 'bin');
  await mkdir(folder, { recursive: true });
  await symlink(program, join(folder, 'kubectl')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return folder;
}
