import { setTimeout as pause } from 'node:timers/promises';
import type { V1Pod, V1PodList } from '@kubernetes/client-node';
import { asked } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { type Change, watch } from './watch.ts';

/** Shorter ones are for tests only. `quietMs` is doubled each time: pulling an image is silent too. */
const FOLLOW_TIMES = { quietMs: 20_000, pollMs: 3_000, slowestPollMs: 10_000 };

/**
 * Keeps `pods` (by name) at what the Namespace holds, by one WATCH if that lives long enough, until `signal` is aborted
 * (an AbortError) or the API server refuses to list them (a SetupError). What the watch leaves open is listed: when it
 * ends, when it was quiet for long, and from time to time where there is none.
 */
export async function followPods(
  client: KubeClient,
  { namespace, labelSelector }: { namespace: string; labelSelector: string },
  pods: Map<string, V1Pod>,
  signal: AbortSignal,
  times = FOLLOW_TIMES,
): Promise<never> {
  const collection = `/api/v1/namespaces/${namespace}/pods`;
  let { quietMs, pollMs } = times;
  let query: Record<string, string> = { labelSelector };
  let heard = false;
  for (let watching = true; ; ) {
    let quiet = false;
    if (watching) {
      const onChange = ({ type, object }: Change<V1Pod>) => {
        heard = true;
        const name = object.metadata?.name ?? '';
        if (type === 'DELETED') pods.delete(name);
        else pods.set(name, object);
      };
      quiet = (await watch<V1Pod>(client, collection, { query, quietMs, signal, onChange })) === 'quiet';
      if (signal.aborted) throw new DOMException('the pods are not followed any more', 'AbortError');
      if (quiet) quietMs *= 2;
      // One that told nothing at all is not tried again: it is not permitted, or a proxy keeps it back.
      watching = heard;
    }
    const list = await listPods(client, namespace, labelSelector, signal);
    pods.clear();
    for (const pod of list.items) pods.set(pod.metadata?.name ?? '', pod);
    query = { labelSelector, resourceVersion: list.metadata?.resourceVersion ?? '' };
    if (quiet && watching) continue;
    await pause(pollMs, undefined, { signal });
    pollMs = Math.min(pollMs * 1.5, times.slowestPollMs);
  }
}

export function listPods(
  client: KubeClient,
  namespace: string,
  labelSelector: string,
  signal?: AbortSignal,
): Promise<V1PodList> {
  const request = client.core.listNamespacedPod({ namespace, labelSelector }, call(signal));
  return asked(`listing the agents' pods in namespace ${namespace}`, request);
}
