import type { V1DaemonSet, V1ServiceAccount } from '@kubernetes/client-node';
import type { Settings } from '../model.ts';
import { asked, codeOf } from './api-error.ts';
import { APPLY, applyCall } from './call.ts';
import type { KubeClient } from './connect.ts';
import { deleteLabelled } from './delete-labelled.ts';
import { listPods } from './follow-pods.ts';
import { COMPONENT_LABEL, OURS, VERSION_LABEL } from './names.ts';
import { type AgentObjects, type AgentSpec, agentObjects } from './objects.ts';
import { ensureToken } from './token.ts';

export interface AppliedBy {
  /** netaccept's own version. */
  version: string;
  /** The Job in whose pod it runs: agents in the same Namespace go with it, however it ends. */
  owner?: { namespace: string; name: string; uid: string } | undefined;
  /** A sentence about agents of another version. */
  onWait(message: string): void;
}

/**
 * Brings the cluster to what the settings ask for, by server-side apply: one request per object, whether it
 * exists or not. Agents of another version are replaced, and told. Returns the hashes by which the new pods are known.
 * Throws a SetupError for what is refused.
 */
export async function applyAgents(
  client: KubeClient,
  settings: Settings,
  signal?: AbortSignal,
  by?: AppliedBy,
): Promise<{ spec: AgentSpec }> {
  const { namespaces } = agentObjects(settings, '');
  const token = await ensureToken(client, namespaces, signal);
  const objects = agentObjects(settings, token, by?.version);
  for (const account of objects.serviceAccounts) await applyServiceAccount(client, account, signal);
  const others = new Set<string>();
  for (const daemonSet of objects.daemonSets) {
    const applied = await applyOrReplace(client, owned(daemonSet, by?.owner), signal);
    if (by !== undefined && wasThere(applied)) {
      for (const one of await otherVersions(client, applied, by.version, signal)) others.add(one);
    }
  }
  if (others.size > 0)
    by?.onWait(`agents of netaccept ${[...others].join(', ')} are there: ${by.version} replaces them`);
  for (const one of objects.unwanted) await removeUnwanted(client, one, signal);
  return { spec: objects.spec };
}

/** Its pods were made from another template: this one was changed just now, and its controller has not seen it yet. */
function wasThere({ metadata, status }: V1DaemonSet): boolean {
  const seen = status?.observedGeneration ?? 0;
  return seen > 0 && seen < (metadata?.generation ?? 0);
}

/** Of this DaemonSet's pods; one from before versions were written down has none. */
async function otherVersions(
  client: KubeClient,
  { metadata }: V1DaemonSet,
  version: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const component = metadata?.labels?.[COMPONENT_LABEL];
  const selector = `${OURS},${COMPONENT_LABEL}=${component},${VERSION_LABEL}!=${version}`;
  const { items } = await listPods(client, metadata?.namespace ?? '', selector, signal);
  return items.map((pod) => pod.metadata?.labels?.[VERSION_LABEL] ?? '(no version)');
}

function owned(daemonSet: V1DaemonSet, owner: AppliedBy['owner']): V1DaemonSet {
  const { metadata } = daemonSet;
  // An owner in another Namespace is none: Kubernetes would take the agents away at once.
  if (owner === undefined || owner.namespace !== metadata?.namespace) return daemonSet;
  const reference = { apiVersion: 'batch/v1', kind: 'Job', name: owner.name, uid: owner.uid };
  return { ...daemonSet, metadata: { ...metadata, ownerReferences: [reference] } };
}

/** What cannot be changed in place, such as another version's selector, is made anew. */
async function applyOrReplace(
  client: KubeClient,
  body: V1DaemonSet,
  signal?: AbortSignal,
): Promise<V1DaemonSet> {
  try {
    return await applyDaemonSet(client, body, signal);
  } catch (error) {
    if (codeOf(error) !== 422) throw error;
    const { namespace = '', labels } = body.metadata ?? {};
    const collection = `/apis/apps/v1/namespaces/${namespace}/daemonsets`;
    await deleteLabelled(
      client,
      collection,
      `${OURS},${COMPONENT_LABEL}=${labels?.[COMPONENT_LABEL]}`,
      signal,
    );
    return applyDaemonSet(client, body, signal);
  }
}

async function applyServiceAccount(
  client: KubeClient,
  body: V1ServiceAccount,
  signal?: AbortSignal,
): Promise<void> {
  const { name = '', namespace = '' } = body.metadata ?? {};
  const request = client.core.patchNamespacedServiceAccount(
    { name, namespace, body, ...APPLY },
    applyCall(signal),
  );
  await asked(`applying serviceaccount ${namespace}/${name}`, request);
}

async function applyDaemonSet(
  client: KubeClient,
  body: V1DaemonSet,
  signal?: AbortSignal,
): Promise<V1DaemonSet> {
  const { name = '', namespace = '' } = body.metadata ?? {};
  const request = client.apps.patchNamespacedDaemonSet(
    { name, namespace, body, ...APPLY },
    applyCall(signal),
  );
  return asked(`applying daemonset ${namespace}/${name}`, request);
}

/** Agents of an earlier run that these settings switch off. Who may not look there has none there either. */
async function removeUnwanted(
  client: KubeClient,
  { component, namespace }: AgentObjects['unwanted'][number],
  signal?: AbortSignal,
): Promise<void> {
  const collection = `/apis/apps/v1/namespaces/${namespace}/daemonsets`;
  try {
    await deleteLabelled(client, collection, `${OURS},${COMPONENT_LABEL}=${component}`, signal);
  } catch (error) {
    if (codeOf(error) !== 403 && codeOf(error) !== 404) throw error;
  }
}
