import type { ClusterService, Settings } from '../model.ts';
import { asked } from './api-error.ts';
import { blockedServices } from './blocked-services.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { namedServices } from './named-services.ts';
import { clusterService } from './services.ts';
import { slicesOf } from './slices.ts';

/**
 * The Services that the selected checks are about and that are not ours, each with its endpoints: the cluster's DNS,
 * `default/kubernetes`, those of `services.named`, and those that must be blocked. Two requests for each Namespace.
 */
export async function discoverServices(
  client: KubeClient,
  settings: Pick<Settings, 'dns' | 'services' | 'policy'>,
  selected: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ClusterService[]> {
  const services: ClusterService[] = [];
  if (selected.has('dns')) services.push(...(await dnsServices(client, settings.dns, signal)));
  // Its name is what DNS is asked for where nothing of our own is there.
  if (selected.has('api-server') || selected.has('dns')) services.push(await apiServer(client, signal));
  if (selected.has('services')) services.push(...(await namedServices(client, settings, signal)));
  if (selected.has('policy')) services.push(...(await blockedServices(client, settings.policy, signal)));
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
