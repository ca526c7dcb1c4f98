import type { BlockedTarget, ClusterService, Family, Topology } from '../../model.ts';

type ServiceTarget = Extract<BlockedTarget['target'], { service: string }>;

/** Undefined if the cluster has no such Service. */
export function serviceOf(
  { namespace, service }: ServiceTarget,
  { services }: Topology,
): ClusterService | undefined {
  return services.find(
    (one) => one.role === 'blocked' && one.namespace === namespace && one.name === service,
  );
}

/** The ready endpoints behind the target's port. Each is asked by itself: one of many may be unprotected. */
export function endpointsOf(
  { target, protocol }: BlockedTarget,
  family: Family | undefined,
  topology: Topology,
): { address: string; port: number; node: string | undefined }[] {
  if (!('service' in target)) return [];
  const service = serviceOf(target, topology);
  const wanted = protocol === 'tcp' ? 'TCP' : 'UDP';
  const port = service?.ports.find(
    (one) => one.port === target.port && one.protocol === wanted,
  )?.endpointPort;
  if (service === undefined || port === undefined) return [];
  return service.endpoints
    .filter((endpoint) => endpoint.ready && endpoint.family === family)
    .map(({ address, node }) => ({ address, port, node }));
}
