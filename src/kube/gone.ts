import { setTimeout as pause } from 'node:timers/promises';
import type { V1Pod } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import { asked, askedUnless } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { isReady } from './discover.ts';
import { OURS } from './names.ts';
import { readNamespace } from './namespace.ts';
import { type GoingNamespace, seenGone } from './watch-gone.ts';

export interface Going extends GoingNamespace {
  name: string;
  /** The Namespace itself, or only our pods in it. */
  whole: boolean;
}

export interface GoneOptions {
  /** Look before the first pause: nothing was deleted just now. */
  atOnce: boolean;
  waitMs: number;
  signal: AbortSignal | undefined;
  onWait: ((message: string) => void) | undefined;
}

/** Shorter ones are for tests only. */
export const GONE_TIMES = {
  pollMs: 3_000,
  /** Where something holds it up, looking more often does not help. */
  slowPollMs: 8_000,
  /** Longer than any healthy Node needs for a pod of ours. */
  strandedMs: 20_000,
};

/** Waits until the Namespaces, or our pods in them, are gone. Throws a SetupError that names what stays. */
export async function untilAllGone(
  client: KubeClient,
  going: readonly Going[],
  { atOnce, waitMs, signal, onWait }: GoneOptions,
  { pollMs, slowPollMs, strandedMs } = GONE_TIMES,
): Promise<void> {
  const start = performance.now();
  const whole = going.filter((one) => one.whole);
  const gone = await seenGone(client, whole, strandedMs, signal);
  let left: readonly Going[] = going.filter(({ uid }) => !gone.has(uid));
  let pauseMs = atOnce || performance.now() - start > pollMs ? 0 : pollMs;
  while (left.length > 0) {
    await pause(pauseMs, undefined, { signal });
    left = await withoutGone(client, left, signal);
    pauseMs = pollMs;
    const waitedMs = performance.now() - start;
    if (left.length === 0 || waitedMs < strandedMs) continue;
    pauseMs = slowPollMs;
    const names = left.map(({ name }) => name);
    const pods = await removeStranded(client, names, signal, onWait);
    if (waitedMs > waitMs) throw notRemoved(names, pods, waitMs);
  }
}

/** Looks at one after the other, up to the first that is still there: requests are counted. */
async function withoutGone(
  client: KubeClient,
  going: readonly Going[],
  signal?: AbortSignal,
): Promise<readonly Going[]> {
  for (const [index, one] of going.entries()) {
    if (await isThere(client, one, signal)) return going.slice(index);
  }
  return [];
}

async function isThere(client: KubeClient, going: Going, signal?: AbortSignal): Promise<boolean> {
  const { name, whole, uid } = going;
  // Another run may have made it anew already.
  if (whole) return (await readNamespace(client, name, signal))?.metadata?.uid === uid;
  return (await ourPods(client, name, signal)).length > 0;
}

async function ourPods(client: KubeClient, namespace: string, signal?: AbortSignal): Promise<V1Pod[]> {
  const request = client.core.listNamespacedPod({ namespace, labelSelector: OURS }, call(signal));
  return (await asked(`listing the agents' pods in namespace ${namespace}`, request)).items;
}

/**
 * A dead Node never confirms that its pods ended, and would hold them and their Namespace for ever: they are taken
 * out of the API, and end when the Node is back. Returns the pods that are left.
 */
async function removeStranded(
  client: KubeClient,
  namespaces: readonly string[],
  signal?: AbortSignal,
  onWait?: (message: string) => void,
): Promise<V1Pod[]> {
  const nodes = await asked('listing the Nodes', client.core.listNode({}, call(signal)));
  const alive = new Set(nodes.items.filter(isReady).map(({ metadata }) => metadata?.name));
  const left: V1Pod[] = [];
  for (const namespace of namespaces) {
    for (const pod of await ourPods(client, namespace, signal)) {
      const name = pod.metadata?.name ?? '';
      const node = pod.spec?.nodeName;
      if (node === undefined || alive.has(node)) {
        left.push(pod);
        continue;
      }
      onWait?.(`pod ${namespace}/${name} is taken out of the API: its Node ${node} is not ready`);
      const request = client.core.deleteNamespacedPod(
        { name, namespace, gracePeriodSeconds: 0 },
        call(signal),
      );
      await askedUnless(404, `deleting pod ${namespace}/${name}`, request);
    }
  }
  return left;
}

function notRemoved(namespaces: readonly string[], pods: readonly V1Pod[], waitMs: number): SetupError {
  const named = pods.map(({ metadata, spec }) => `pod ${metadata?.name} on ${spec?.nodeName ?? 'no Node'}`);
  return new SetupError({
    code: 'not-removed',
    message: `not gone after ${waitMs / 1000} s: namespace ${namespaces.join(', ')}${named.length === 0 ? '' : ` with ${named.join(', ')}`}`,
    hint: 'look at what holds it (kubectl describe namespace), then run netaccept clean again',
  });
}
