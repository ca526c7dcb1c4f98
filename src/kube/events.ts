import type { CoreV1Event } from '@kubernetes/client-node';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';

/** A DaemonSet's last warning (`FailedCreate: …`); undefined if there is none or we may not look: it only explains. */
export async function lastWarning(
  client: KubeClient,
  namespace: string,
  name: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const fieldSelector = `involvedObject.kind=DaemonSet,involvedObject.name=${name},type=Warning`;
  try {
    const { items } = await client.core.listNamespacedEvent({ namespace, fieldSelector }, call(signal));
    const last = items.sort((a, b) => timeOf(a) - timeOf(b)).at(-1);
    return last === undefined ? undefined : `${last.reason}: ${last.message}`;
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined;
  }
}

function timeOf(event: CoreV1Event): number {
  const time = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return time === undefined ? 0 : new Date(time).getTime();
}
