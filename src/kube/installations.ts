import { isAbort } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { CREATED_LABEL, OURS } from './names.ts';

/**
 * Names of all Namespaces in the cluster that hold agents of ours or were created by netaccept, bytewise. What we
 * may not list is left out: for `clean` without a configuration, beside the names it was given.
 */
export async function findInstallations(client: KubeClient, signal?: AbortSignal): Promise<string[]> {
  const created = client.core.listNamespace({ labelSelector: `${OURS},${CREATED_LABEL}=true` }, call(signal));
  const agents = client.apps.listDaemonSetForAllNamespaces({ labelSelector: OURS }, call(signal));
  const [namespaces, daemonSets] = await Promise.all([itemsOf(created), itemsOf(agents)]);
  const names = [
    ...namespaces.map(({ metadata }) => metadata?.name ?? ''),
    ...daemonSets.map(({ metadata }) => metadata?.namespace ?? ''),
  ];
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
}

async function itemsOf<T>(request: Promise<{ items: T[] }>): Promise<T[]> {
  try {
    return (await request).items;
  } catch (error) {
    if (isAbort(error)) throw error;
    return [];
  }
}
