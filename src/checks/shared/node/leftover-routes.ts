import type { Case, Family, Topology } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { commonNet, contains, isSameAddress, type Net, netText, parseNet } from '../cidr.ts';
import { familiesOfNetwork } from '../families.ts';
import { isIgnored, isOverlay } from './devices.ts';
import { type NodeFact, onEach, ruled } from './fact.ts';
import type { Host } from './host.ts';
import type { Route } from './ip.ts';
import { addressKey, allNodes, internalIpsOf, type Owners, ownersIn } from './owners.ts';

interface Ask {
  family: Family;
  /** Where pods may be: only routes into these are reported. */
  ranges: string[];
}

interface FoundRoute extends Route {
  /** Through a device of an overlay. */
  overlay: boolean;
  /** By way of an address of the Node's own, as Cilium writes its routes. */
  own: boolean;
}

/** A range is guessed no narrower than this: a cluster's own network is seldom smaller than a /16, or a /48. */
const GUESS = { v4: 16, v6: 48 } as const satisfies Record<Family, number>;

/** What a routing daemon or the kernel's tunnels made: BIRD, and 80, which is Calico's Felix. */
const DAEMONS = new Set(['bird', '12', '80', 'bgp', 'zebra', 'openr']);

/** Routes into the pods' range that lead to no Node of the cluster: of a Node that is gone, or of an older overlay. */
export const leftoverRoutes = {
  name: 'leftover-routes',
  expand: (topology, settings) =>
    familiesOfNetwork(topology, 'pod')
      .filter((family) => rangesOf(family, topology, settings.node.podNetworks).length > 0)
      .flatMap((family) => onEach(topology, 'routes of Nodes that are gone', { family })),
  reading: {
    ask: ({ family = 'v4' }, topology, { node }): Ask => ({
      family,
      ranges: rangesOf(family, topology, node.podNetworks),
    }),
    read: (host, probe) => read(host, probe.ask as Ask),
  },
  judge,
} as const satisfies NodeFact;

/** As the settings say, or around all PodCIDRs and all pods of ours. */
function rangesOf(family: Family, topology: Topology, networks: readonly string[]): string[] {
  const given = networks.filter((network) => parseNet(network)?.family === family);
  if (given.length > 0) return given;
  const pods = topology.agents
    .filter((agent) => agent.network === 'pod')
    .flatMap((pod) => pod.addresses[family] ?? []);
  const cidrs = allNodes(topology).flatMap((node) => node.podCidrs);
  const nets = [...cidrs, ...pods].flatMap((text): Net[] => {
    const net = parseNet(text);
    return net?.family === family ? [net] : [];
  });
  const around = commonNet(nets);
  return around === undefined ? [] : [netText({ ...around, prefix: Math.min(around.prefix, GUESS[family]) })];
}

async function read(host: Host, { family, ranges }: Ask): Promise<{ routes: FoundRoute[] }> {
  const devices = await host.devices();
  const overlays = new Set(devices.filter(isOverlay).map(({ name }) => name));
  const addresses = devices.flatMap((device) => device.addresses);
  const nets = ranges.flatMap((range) => parseNet(range) ?? []);
  const inRange = (await host.routes(family)).filter(({ to }) => {
    const net = parseNet(to);
    return net !== undefined && nets.some((range) => contains(range, net));
  });
  return {
    routes: inRange.map((route) => ({
      ...route,
      overlay: route.hops.some(({ device = '' }) => overlays.has(device)),
      own: route.hops.some(({ gateway = '' }) =>
        addresses.some((address) => isSameAddress(address, gateway)),
      ),
    })),
  };
}

function judge(entry: Case, found: unknown, { topology, settings, once }: Look): Ruling {
  const owners = ownersIn(topology);
  const nextHops = once('node/leftover-routes/next-hops', () => nextHopsOf(topology));
  const { routes } = found as { routes: FoundRoute[] };
  const isExact = settings.node.podNetworks.some((network) => parseNet(network)?.family === entry.family);
  const left = routes.filter((route) => {
    // In a guessed range, a route that somebody made by hand may well lead somewhere else.
    const suspect = isExact || route.overlay || DAEMONS.has(route.protocol);
    const ignored = route.hops.some(({ device = '' }) => isIgnored(device, settings));
    return suspect && !ignored && !belongsToANode(route, owners, nextHops);
  });
  const faults = left.map((route) => `${routeText(route)} leads to no Node of this cluster`);
  const family = entry.family ?? 'v4';
  const ranges = once(`node/leftover-routes/ranges/${family}`, () =>
    rangesOf(family, topology, settings.node.podNetworks),
  );
  return ruled(
    faults,
    `all ${routes.length} routes into the pods' network ${ranges.join(', ')} lead to Nodes of this cluster`,
  );
}

function belongsToANode(
  { to, hops, own }: FoundRoute,
  owners: Owners,
  nextHops: ReadonlySet<string>,
): boolean {
  const net = parseNet(to);
  if (net !== undefined && owners.usePodCidrs) {
    // An aggregate leads to the Nodes that it covers.
    return owners.ofPodNetwork(net).length > 0 || owners.podCidrs.some((cidr) => contains(net, cidr.net));
  }
  // Without PodCIDRs only a next hop says whose a network is; one that has none (a blackhole for the Node's own
  // blocks, its pods' devices) is the Node's own.
  return own || hops.every(({ gateway }) => gateway === undefined || nextHops.has(addressKey(gateway)));
}

/** Every address that a Node is reached at: its InternalIPs, and what its CNI announces. */
function nextHopsOf(topology: Topology): Set<string> {
  const all = allNodes(topology).flatMap((node) => [
    ...internalIpsOf(node),
    ...Object.values(node.annotations),
  ]);
  return new Set(all.map(addressKey));
}

function routeText({ to, type, protocol, hops }: Route): string {
  const paths = hops.map(
    ({ gateway, device }) =>
      `${gateway === undefined ? '' : ` via ${gateway}`}${device === undefined ? '' : ` dev ${device}`}`,
  );
  return `${type === 'unicast' ? 'route' : type} ${to}${paths.join(' and')} (protocol ${protocol})`;
}
