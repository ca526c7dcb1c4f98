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
  const clusterIps = service.families.flatMap((family): Door[] => {
    const address = service.clusterIPs[family];
    return address === undefined ? [] : [{ kind: 'ClusterIP', family, address }];
  });
  const families = port.nodePort === undefined ? [] : nodeFamilies(topology, service.families);
  const nodePorts = families.flatMap((family) =>
    topology.nodes.map(({ name: node }): Door => ({ kind: 'NodePort', family, node })),
  );
  return [...clusterIps, ...nodePorts, ...outerDoors(service)];
}

type OuterDoor = Extract<Door, { rank: number }>;

export function outerDoors(service: ClusterService): OuterDoor[] {
  return [
    ...service.externalIPs.map((address, index) => outerDoor('externalIP', address, index)),
    ...service.loadBalancer.map((address, index) => outerDoor('LoadBalancer', address, index)),
  ];
}

function outerDoor(kind: OuterDoor['kind'], address: string, index: number): OuterDoor {
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

/**
 * Where kube-proxy does not follow policy Local, on purpose: for pods, and for a Node that dials itself, it goes straight to
 * all endpoints. So no silence can be expected of them; and a pod of another Node, whose address nobody masquerades,
 * may be answered past the Node that it dialled, which it cannot take for an answer.
 */
export function isShortCut(source: Endpoint, door: Door, service: ClusterService): boolean {
  if (door.kind !== 'NodePort' || service.externalTrafficPolicy !== 'Local') return false;
  if (isBlocked(source, door, service)) return source.network === 'pod' || source.node === door.node;
  const endpoints = readyEndpoints(service, door.family);
  const passed = source.network === 'pod' && source.node !== door.node;
  return passed && endpoints.some((endpoint) => endpoint.node !== door.node);
}
