import type { V1DaemonSet, V1ServiceAccount } from '@kubernetes/client-node';
import type { Settings } from '../model.ts';
import { asked, codeOf } from './api-error.ts';
import { APPLY, applyCall } from './call.ts';
import type { KubeClient } from './connect.ts';
import { deleteLabelled } from './delete-labelled.ts';
import { COMPONENT_LABEL, OURS } from './names.ts';
import { type AgentObjects, type AgentSpec, agentObjects } from './objects.ts';
import { ensureToken } from './token.ts';

/** The Job in whose pod netaccept runs. */
export interface AgentOwner {
  namespace: string;
  name: string;
  uid: string;
}

/**
 * Brings the cluster to what the settings ask for, by server-side apply: one request per object, whether it
 * exists or not. What is in the owner's Namespace goes with it, however that ends (an owner elsewhere is not one, for
 * Kubernetes). Returns the hashes by which the new pods are known. Throws a SetupError for what is refused.
 */
export async function applyAgents(
  client: KubeClient,
  settings: Settings,
  signal?: AbortSignal,
  owner?: AgentOwner,
): Promise<{ spec: AgentSpec }> {
  const { namespaces } = agentObjects(settings, '');
  const token = await ensureToken(client, namespaces, signal);
  const objects = agentObjects(settings, token);
  for (const account of objects.serviceAccounts) await applyServiceAccount(client, account, signal);
  for (const daemonSet of objects.daemonSets) await applyDaemonSet(client, owned(daemonSet, owner), signal);
  for (const one of objects.unwanted) await removeUnwanted(client, one, signal);
  return { spec: objects.spec };
}

function owned(daemonSet: V1DaemonSet, owner: AgentOwner | undefined): V1DaemonSet {
  const { metadata } = daemonSet;
  if (owner === undefined || owner.namespace !== metadata?.namespace) return daemonSet;
  const reference = { apiVersion: 'batch/v1', kind: 'Job', name: owner.name, uid: owner.uid };
  return { ...daemonSet, metadata: { ...metadata, ownerReferences: [reference] } };
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

async function applyDaemonSet(client: KubeClient, body: V1DaemonSet, signal?: AbortSignal): Promise<void> {
  const { name = '', namespace = '' } = body.metadata ?? {};
  const request = client.apps.patchNamespacedDaemonSet(
    { name, namespace, body, ...APPLY },
    applyCall(signal),
  );
  await asked(`applying daemonset ${namespace}/${name}`, request);
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
