import type { ClusterService, Settings } from '../model.ts';
import { asked, askedUnless } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { clusterService, SERVICE_LABEL } from './services.ts';

/**
 * The Services that `policy.blocked` names, with their endpoints; two requests each. One that is not there is left
 * out: its cases then say so. Throws a SetupError for what may not be read.
 */
export async function blockedServices(
  client: KubeClient,
  { blocked }: Settings['policy'],
  signal?: AbortSignal,
): Promise<ClusterService[]> {
  const targets = blocked.flatMap(({ target }) => ('service' in target ? [target] : []));
  const named = new Map(targets.map((target) => [`${target.namespace}/${target.service}`, target]));
  const services: ClusterService[] = [];
  for (const [name, { namespace, service }] of named) {
    const found = await askedUnless(
      404,
      `reading service ${name}, which policy.blocked names`,
      client.core.readNamespacedService({ namespace, name: service }, call(signal)),
    );
    if (found === undefined) continue;
    const labelSelector = `${SERVICE_LABEL}=${service}`;
    const request = client.discovery.listNamespacedEndpointSlice({ namespace, labelSelector }, call(signal));
    const { items } = await asked(`listing the EndpointSlices of service ${name}`, request);
    services.push(clusterService(found, items, 'blocked'));
  }
  return services;
}
