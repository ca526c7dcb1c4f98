import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';

const SHARD_SUFFIX = /\.shard-\d+-of-\d+(?=\.[jt]s$)/;

/**
 * Lets one acceptance module of `dir` stand for all its shards: `x.accept.shard-2-of-5.ts` is served with
 * the text of `x.accept.ts`, which reads its own share from its name.
 */
export function shardPlugin(dir: string): Plugin {
  return {
    name: 'netaccept-shards',
    enforce: 'pre',
    // Vite asks for a file that is not there by its path below the root.
    resolveId: (id) => (SHARD_SUFFIX.test(id) ? join(dir, basename(id)) : undefined),
    load: (id) => (SHARD_SUFFIX.test(id) ? readFile(id.replace(SHARD_SUFFIX, ''), 'utf8') : undefined),
  };
}
