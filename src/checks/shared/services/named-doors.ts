import { isIP } from 'node:net';
import type { ClusterService, Endpoint, Family, ServicePort, Topology } from '../../../model.ts';
import { nodeFamilies } from './node-port.ts';
import { readyEndpoints } from './part.ts';

/** One way into a Service. */
export type Door =
  | { kind: 'NodePort'; family: Family; node: string }
  | { kind: 'ClusterIP'; family: Family; address: string }
  /** `rank` from 1, in the API's order: ids hold no addresses. A load balancer's name has no family. */
  | { kind: 'externalIP' | 'LoadBalancer'; family?: Family; rank: number; address: string };

/** Every door that the API says this Service has for this port. */
export function doorsOf(service: ClusterService, port: ServicePort, topology: Topology): Door[] {
  const known = doors.get(port);
  if (known !== undefined) return known;
  const clusterIps = service.families.flatMap((family): Door[] => {
    const address = service.clusterIPs[family];
    return address === undefined ? [] : [{ kind: 'ClusterIP', family, address }];
  });
  const families = port.nodePort === undefined ? [] : nodeFamilies(topology, service.families);
  const nodePorts = families.flatMap((family) =>
    topology.nodes.map(({ name: node }): Door => ({ kind: 'NodePort', family, node })),
  );
  const outer = [
    ...service.externalIPs.map((address, index) => outerDoor('externalIP', address, index)),
    ...service.loadBalancer.map((address, index) => outerDoor('LoadBalancer', address, index)),
  ];
  const all = [...clusterIps, ...nodePorts, ...outer];
  doors.set(port, all);
  return all;
}

// A list per port, not per case: each case asks for it.
const doors = new WeakMap<ServicePort, Door[]>();

function outerDoor(kind: 'externalIP' | 'LoadBalancer', address: string, index: number): Door {
  const family = ({ 4: 'v4', 6: 'v6' } as const)[isIP(address)];
  return { kind, rank: index + 1, address, ...(family === undefined ? {} : { family }) };
}

/**
 * Whether a traffic policy keeps this door shut: `Local` only lets in where a ready endpoint is. A Service without any
 * ready endpoint is not blocked but broken.
 */
export function isBlocked(source: Endpoint, door: Door, service: ClusterService): boolean {
  if (door.kind !== 'NodePort' && door.kind !== 'ClusterIP') return false;
  const external = door.kind === 'NodePort';
  const policy = external ? service.externalTrafficPolicy : service.internalTrafficPolicy;
  const endpoints = readyEndpoints(service, door.family);
  if (policy !== 'Local' || endpoints.length === 0) return false;
  const node = external ? door.node : source.node;
  return !endpoints.some((endpoint) => endpoint.node === node);
}
