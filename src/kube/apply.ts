import type { V1DaemonSet, V1ServiceAccount } from '@kubernetes/client-node';
import type { Settings } from '../model.ts';
import { asked, codeOf } from './api-error.ts';
import { APPLY, applyCall } from './call.ts';
import type { KubeClient } from './connect.ts';
import { deleteLabelled } from './delete-labelled.ts';
import { COMPONENT_LABEL, OURS } from './names.ts';
import { type AgentObjects, type AgentSpec, agentObjects } from './objects.ts';
import { ensureToken } from './token.ts';

/**
 * Brings the cluster to what the settings ask for, by server-side apply: one request per object, whether it
 * exists or not. Returns the hashes by which the new pods are known. Throws a SetupError for what is refused.
 */
export async function applyAgents(
  client: KubeClient,
  settings: Settings,
  signal?: AbortSignal,
): Promise<{ spec: AgentSpec }> {
  const { namespaces } = agentObjects(settings, '');
  const token = await ensureToken(client, namespaces, signal);
  const objects = agentObjects(settings, token);
  for (const account of objects.serviceAccounts) await applyServiceAccount(client, account, signal);
  for (const daemonSet of objects.daemonSets) await applyDaemonSet(client, daemonSet, signal);
  for (const one of objects.unwanted) await removeUnwanted(client, one, signal);
  return { spec: objects.spec };
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
