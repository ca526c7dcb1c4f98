import { asked } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { deleteLabelled } from './delete-labelled.ts';
import { type Going, untilAllGone } from './gone.ts';
import { awaitIdle } from './idle.ts';
import { deleteLease, readLease } from './lease.ts';
import type { Lock } from './lock.ts';
import { CREATED_LABEL, LEASE, MANAGED_LABEL, OURS, SLICE_MANAGER } from './names.ts';
import { isGoing, readNamespace } from './namespace.ts';
import { removeAnyPolicies } from './network-policy.ts';

export interface RemoveOptions {
  /** Ours, if a run removes its own agents. Without it nothing is removed under a run that is still alive. */
  lock?: Lock;
  /** How long to wait for another run to end; a killed one's lock frees itself within 30 s. */
  lockWaitMs?: number;
  /** How long to wait until everything is really gone. */
  waitMs?: number;
  signal?: AbortSignal | undefined;
  /** Says what is waited for, whenever it changes. */
  onWait?: ((message: string) => void) | undefined;
}

/**
 * Removes what is ours from these Namespaces and waits until it is gone: a Namespace that netaccept created, whole;
 * of any other one only objects that carry our labels. Returns what was removed (`DaemonSet ns/name`), empty if
 * there was nothing. Throws a SetupError if another run is at work there, or if something will not go.
 */
export async function removeAgents(
  client: KubeClient,
  namespaces: readonly string[],
  options: RemoveOptions = {},
): Promise<string[]> {
  const { lock, lockWaitMs = 40_000, waitMs = 120_000, signal, onWait } = options;
  const names = [...new Set(namespaces)];
  if (lock === undefined) await awaitIdle(client, names, { waitMs: lockWaitMs, signal, onWait });
  const removed: string[] = [];
  const going: Going[] = [];
  for (const name of names) {
    const namespace = await readNamespace(client, name, signal);
    if (namespace === undefined) continue;
    const { labels, uid = '', resourceVersion: version = '' } = namespace.metadata ?? {};
    const whole = labels?.[CREATED_LABEL] === 'true';
    const one = { name, uid, version, whole };
    going.push(one);
    if (isGoing(namespace)) continue;
    if (whole) {
      const request = client.core.deleteNamespace({ name }, call(signal));
      const { metadata } = await asked(`deleting namespace ${name}`, request);
      one.version = metadata?.resourceVersion ?? version;
      removed.push(`Namespace ${name}`);
      if (name === lock?.namespace) lock.rest();
    } else {
      removed.push(...(await deleteObjects(client, name, signal)));
    }
  }
  await untilAllGone(client, going, { atOnce: removed.length === 0, waitMs, signal, onWait });
  // Last: as long as it is there, no other run starts among pods that are on their way out.
  if (lock !== undefined) return removed;
  for (const { name, whole } of going)
    if (!whole) removed.push(...(await deleteLeftLease(client, name, signal)));
  return removed;
}

const KINDS = [
  { kind: 'DaemonSet', path: '/apis/apps/v1', plural: 'daemonsets' },
  { kind: 'Service', path: '/api/v1', plural: 'services' },
  { kind: 'Secret', path: '/api/v1', plural: 'secrets' },
  { kind: 'ServiceAccount', path: '/api/v1', plural: 'serviceaccounts' },
] as const;

/** Only those that we made: a Service's own ones carry its labels, and go with it. */
const OUR_SLICES = Object.entries(SLICE_MANAGER)
  .map(([key, value]) => `${key}=${value}`)
  .join(',');

async function deleteObjects(client: KubeClient, namespace: string, signal?: AbortSignal): Promise<string[]> {
  const removed = await removeAnyPolicies(client, namespace, signal);
  for (const { kind, path, plural } of KINDS) {
    const names = await deleteLabelled(client, `${path}/namespaces/${namespace}/${plural}`, OURS, signal);
    removed.push(...names.map((name) => `${kind} ${namespace}/${name}`));
  }
  const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const names = await deleteLabelled(client, slices, OUR_SLICES, signal);
  return [...removed, ...names.map((name) => `EndpointSlice ${namespace}/${name}`)];
}

/** Of a run that was killed. */
async function deleteLeftLease(
  client: KubeClient,
  namespace: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const lease = await readLease(client, namespace, signal);
  if (lease?.metadata?.labels?.[MANAGED_LABEL] !== 'netaccept') return [];
  await deleteLease(client, lease, signal);
  return [`Lease ${namespace}/${LEASE}`];
}
