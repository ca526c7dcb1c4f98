import type { Case, Family, Target, Topology } from '../../../model.ts';
import { flowsFor } from '../backends.ts';

/** An address of the API server, named as in the cases' ids. */
export interface ApiServerTarget {
  target: Target;
  family: Family;
  address: string;
  port: number;
  /** API servers behind it, each of which may get the next connection. */
  flows: number;
}

/** Handshakes cost the API server more than datagrams do, and each endpoint is asked by itself as well. */
const MOST_FLOWS = 10;

/** The ClusterIPs of `default/kubernetes`, and each of its endpoints. */
export function apiServerTargets({ cluster, services, nodes }: Topology): ApiServerTarget[] {
  const service = services.find(({ role }) => role === 'api-server');
  const port = service?.ports.find(({ name }) => name === 'https') ?? service?.ports[0];
  if (service === undefined || port === undefined) return [];
  const nodeAt = new Map(nodes.flatMap((node) => Object.values(node.addresses).map((at) => [at, node.name])));
  const endpoints = [...service.endpoints].sort((a, b) => (a.address < b.address ? -1 : 1));
  const strangers = endpoints.filter(({ address }) => !nodeAt.has(address));
  return [
    ...FAMILIES.flatMap((family): ApiServerTarget[] => {
      const address = service.clusterIPs[family];
      if (address === undefined) return [];
      const flows = Math.min(MOST_FLOWS, flowsFor(endpoints.length));
      return [{ target: { cluster, name: 'VIP' }, family, address, port: port.port, flows }];
    }),
    ...endpoints.map(({ address, family }): ApiServerTarget => {
      const node = nodeAt.get(address);
      const rank = strangers.findIndex((one) => one.address === address) + 1;
      const name = node === undefined ? `endpoint ${rank}` : `endpoint on ${node}`;
      const place = node === undefined ? {} : { node, network: 'host' as const };
      return {
        target: { cluster, name, ...place },
        family,
        address,
        port: port.endpointPort ?? port.port,
        flows: 1,
      };
    }),
  ];
}

export function targetOf(entry: Case, topology: Topology): ApiServerTarget | undefined {
  return apiServerTargets(topology).find(
    ({ target, family }) => target.name === entry.target.name && family === entry.family,
  );
}

const FAMILIES: readonly Family[] = ['v4', 'v6'];
