/** `…/pod-to-pod.accept.ts` is its path's only module; `….accept.shard-2-of-5.ts` is one of five. */
const SHARD = /\.shard-(\d+)-of-(\d+)(?=\.[jt]s)/;

export function shardOf(moduleUrl: string): { index: number; of: number } {
  const found = SHARD.exec(moduleUrl);
  return found === null ? { index: 0, of: 1 } : { index: Number(found[1]) - 1, of: Number(found[2]) };
}
