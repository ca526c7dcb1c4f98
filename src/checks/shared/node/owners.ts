import type { ClusterNode, Topology } from '../../../model.ts';
import { type Net, parseNet } from '../cidr.ts';

/** Whose an address or a network is, of all Nodes of the cluster, those left out too. */
export interface Owners {
  /** The Node that has this InternalIP. */
  ofInternalIp(address: string): string | undefined;
  /** The Nodes whose PodCIDRs hold all of it. */
  ofPodNetwork(net: Net): string[];
  /** Every Node's parsed PodCIDRs. */
  podCidrs: { node: string; text: string; net: Net }[];
  /**
   * Whether pods get their addresses from their Node's PodCIDRs. CNIs with an address management of their own
   * (Calico, Cilium) may leave PodCIDRs unused: then they say nothing about where a pod's address belongs.
   */
  usePodCidrs: boolean;
}

const known = new WeakMap<Topology, Owners>();

/** Made once for a topology: each of N Nodes asks about N others. */
export function ownersIn(topology: Topology): Owners {
  const before = known.get(topology);
  if (before !== undefined) return before;
  const nodes = allNodes(topology);
  const internal = new Map(
    nodes.flatMap((node) => internalIpsOf(node).map((ip) => [addressKey(ip), node.name])),
  );
  const podCidrs = nodes.flatMap(({ name, podCidrs }) =>
    podCidrs.flatMap((text) => {
      const net = parseNet(text);
      return net === undefined ? [] : [{ node: name, text, net }];
    }),
  );
  const byNetwork = Map.groupBy(podCidrs, ({ net }) => networkKey(net, net.prefix));
  const prefixes = [...new Set(podCidrs.map(({ net }) => net.prefix))];
  const ofPodNetwork = (net: Net) =>
    prefixes
      .filter((prefix) => prefix <= net.prefix)
      .flatMap((prefix) => byNetwork.get(networkKey(net, prefix)) ?? [])
      .map(({ node }) => node);
  const pods = topology.agents.filter((agent) => agent.network === 'pod');
  const addresses = pods.flatMap((pod) =>
    Object.values(pod.addresses).map((address) => ({ node: pod.node, net: parseNet(address) })),
  );
  const owners: Owners = {
    ofInternalIp: (address) => internal.get(addressKey(address)),
    ofPodNetwork,
    podCidrs,
    usePodCidrs:
      addresses.length > 0 &&
      addresses.every(({ node, net }) => net !== undefined && ofPodNetwork(net).includes(node)),
  };
  known.set(topology, owners);
  return owners;
}

export function allNodes({ nodes, outside = [] }: Topology): ClusterNode[] {
  return [...nodes, ...outside];
}

export function internalIpsOf({ addresses, otherAddresses = [] }: ClusterNode): string[] {
  return [...Object.values(addresses), ...otherAddresses];
}

/** The same for every way of writing an address, and whatever network it is said to be in. */
export function addressKey(address: string): string {
  const net = parseNet(address);
  return net === undefined ? `? ${address}` : `${net.family} ${net.base}`;
}

function networkKey(net: Net, prefix: number): string {
  const shift = BigInt((net.family === 'v4' ? 32 : 128) - prefix);
  return `${net.family} ${prefix} ${net.base >> shift}`;
}
