import type { V1NetworkPolicy } from '@kubernetes/client-node';
import { asked, codeOf } from './api-error.ts';
import { APPLY, applyCall } from './call.ts';
import type { KubeClient } from './connect.ts';
import { deleteLabelled } from './delete-labelled.ts';
import { COMPONENT_LABEL, MANAGED_LABEL, NAME_LABEL, OURS } from './names.ts';

const NAME = 'netaccept-deny-peers';

/** Denies all ingress to the peer pods: agents that only answer, so nothing but our own probes notices. */
function denyPeers(namespace: string): V1NetworkPolicy {
  const ours = { [NAME_LABEL]: 'netaccept', [MANAGED_LABEL]: 'netaccept' };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: NAME, namespace, labels: ours },
    spec: {
      podSelector: { matchLabels: { ...ours, [COMPONENT_LABEL]: 'peer-agent' } },
      policyTypes: ['Ingress'],
    },
  };
}

/**
 * Makes the policy. `rehearse`: the API server does everything but keep it, which shows before a run begins that it
 * may be made. Throws a SetupError for what is refused. Takes no signal: one that arrived after its removal would stay.
 */
export async function applyPolicy(
  client: KubeClient,
  namespace: string,
  { rehearse = false }: { rehearse?: boolean } = {},
): Promise<void> {
  const request = client.networking.patchNamespacedNetworkPolicy(
    { name: NAME, namespace, body: denyPeers(namespace), ...APPLY, ...(rehearse ? { dryRun: 'All' } : {}) },
    applyCall(),
  );
  await asked(`applying networkpolicy ${namespace}/${NAME}`, request);
}

/** Removes every NetworkPolicy of ours there is in the Namespace; `NetworkPolicy ns/name` of each. */
export async function removePolicies(
  client: KubeClient,
  namespace: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const collection = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  const names = await deleteLabelled(client, collection, OURS, signal);
  return names.map((name) => `NetworkPolicy ${namespace}/${name}`);
}

/** The same, where having no right to it means that none was made either: making one needs more. */
export async function removeAnyPolicies(
  client: KubeClient,
  namespace: string,
  signal?: AbortSignal,
): Promise<string[]> {
  try {
    return await removePolicies(client, namespace, signal);
  } catch (error) {
    if (codeOf(error) === 403 || codeOf(error) === 404) return [];
    throw error;
  }
}
