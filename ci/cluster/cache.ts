// Builds are kept outside the checkout, under a key made of everything that went into them.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export function cacheDir(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return process.env.NETACCEPT_CACHE || join(base, 'netaccept');
}

export function digest(parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    // Lengths too, so that moving text from one part to the next is a difference.
    hash.update(`${part.length}\n`).update(part);
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The folder `<cache>/<kind>/<key>`, filled by `build` unless it is there. An interrupted build leaves
 * no entry: it fills a folder beside it, which takes the name when it is complete.
 */
export async function cached(
  kind: string,
  key: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const entry = join(cacheDir(), kind, key);
  if (existsSync(entry)) {
    return entry;
  }
  await mkdir(dirname(entry), { recursive: true });
  await removeAbandoned(dirname(entry));
  const folder = await mkdtemp(join(dirname(entry), `.${basename(entry)}.`));
  try {
    await build(folder);
    await rename(folder, entry);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Another process was faster: its entry is as good.
    if (!existsSync(entry)) {
      throw error;
    }
  }
  return entry;
}

async function removeAbandoned(parent: string): Promise<void> {
  const dayAgo = Date.now() - 86_400_000;
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (name.startsWith('.') && (await stat(path)).mtimeMs < dayAgo) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
