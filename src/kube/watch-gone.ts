import type { V1Namespace } from '@kubernetes/client-node';
import type { KubeClient } from './connect.ts';
import { watch } from './watch.ts';

/** Twice what the API server lets pass between what it tells of a Namespace that goes as it should. */
const QUIET_MS = 10_000;

export interface GoingNamespace {
  uid: string;
  /** Its resourceVersion when it was known to be going. */
  version: string;
}

/**
 * Waits by one request until these Namespaces are seen going, and returns the uids of those that were. It may well
 * return less, and at once: who may delete a Namespace may not always watch for it.
 */
export async function seenGone(
  client: KubeClient,
  namespaces: readonly GoingNamespace[],
  withinMs: number,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  const [first] = namespaces;
  if (first === undefined) return gone;
  const awaited = new Set(namespaces.map(({ uid }) => uid));
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), withinMs);
  await watch<V1Namespace>(client, '/api/v1/namespaces', {
    // Without a selector: with one, an object that stops matching it is told as DELETED too.
    query: { resourceVersion: first.version },
    quietMs: QUIET_MS,
    signal: AbortSignal.any(signal === undefined ? [end.signal] : [signal, end.signal]),
    onChange({ type, object: { metadata } }) {
      const uid = metadata?.uid ?? '';
      if (type !== 'DELETED' || !awaited.delete(uid)) return;
      gone.add(uid);
      if (awaited.size === 0) end.abort();
    },
  });
  clearTimeout(timer);
  return gone;
}
