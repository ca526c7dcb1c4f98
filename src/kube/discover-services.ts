import type { ClusterService, Settings } from '../model.ts';
import { asked } from './api-error.ts';
import { blockedServices } from './blocked-services.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { clusterService, SERVICE_LABEL } from './services.ts';

/**
 * The Services that the selected checks are about, each with its endpoints: the cluster's DNS,
 * `default/kubernetes`, and those that must be blocked. Two requests each.
 */
export async function discoverServices(
  client: KubeClient,
  { dns, policy }: Pick<Settings, 'dns' | 'policy'>,
  selected: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ClusterService[]> {
  const services: ClusterService[] = [];
  if (selected.has('dns')) services.push(...(await dnsServices(client, dns, signal)));
  if (selected.has('api-server')) services.push(await apiServer(client, signal));
  if (selected.has('policy')) services.push(...(await blockedServices(client, policy, signal)));
  return services;
}

async function dnsServices(
  client: KubeClient,
  { namespace, selector }: Settings['dns'],
  signal?: AbortSignal,
): Promise<ClusterService[]> {
  const request = client.core.listNamespacedService({ namespace, labelSelector: selector }, call(signal));
  const { items } = await asked(`listing the DNS services in namespace ${namespace}`, request);
  const names = items.map(({ metadata }) => metadata?.name ?? '');
  const slices = names.length === 0 ? [] : await slicesOf(client, namespace, names, signal);
  return items.map((service) => clusterService(service, slices, 'dns'));
}

async function apiServer(client: KubeClient, signal?: AbortSignal): Promise<ClusterService> {
  const where = { namespace: 'default', name: 'kubernetes' };
  const service = await asked(
    'reading service default/kubernetes',
    client.core.readNamespacedService(where, call(signal)),
  );
  return clusterService(service, await slicesOf(client, where.namespace, [where.name], signal), 'api-server');
}

async function slicesOf(
  client: KubeClient,
  namespace: string,
  services: readonly string[],
  signal?: AbortSignal,
) {
  const labelSelector = `${SERVICE_LABEL} in (${services.join(',')})`;
  const request = client.discovery.listNamespacedEndpointSlice({ namespace, labelSelector }, call(signal));
  return (await asked(`listing the EndpointSlices in namespace ${namespace}`, request)).items;
}
