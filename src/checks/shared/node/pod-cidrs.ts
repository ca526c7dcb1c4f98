import type { Case, ClusterNode, Topology } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { contains, type Net, overlaps, parseNet } from '../cidr.ts';
import { familiesOfNetwork } from '../families.ts';
import { type NodeFact, onEach, ruled } from './fact.ts';

/** From the API alone: every Node has its own, and nothing else lies in them. */
export const podCidrs = {
  name: 'pod-cidrs',
  expand: (topology) =>
    topology.nodes.some((node) => node.podCidrs.length > 0) ? onEach(topology, 'PodCIDRs') : [],
  judge,
} as const satisfies NodeFact;

function judge(entry: Case, _found: unknown, { topology }: Look): Ruling {
  const node = topology.nodes.find(({ name }) => name === entry.source.node);
  if (node === undefined) return ruled(['the Node is not in the topology'], '');
  const own = netsOf(node.podCidrs);
  const lacking = familiesOfNetwork(topology, 'pod').filter(
    (family) =>
      topology.nodes.some((other) => other.podFamilies.includes(family)) &&
      !node.podFamilies.includes(family),
  );
  const faults = [
    ...lacking.map((family) => `${node.name} has no IP${family} PodCIDR, other Nodes have one`),
    ...allNodes(topology)
      .filter((other) => other.name !== node.name)
      .flatMap((other) => overlapsWith(own, other)),
    ...takenIn(own, topology),
  ];
  return ruled(
    faults,
    `${node.podCidrs.join(', ')}: no other Node's, and no Node or Service has an address in it`,
  );
}

/** Those under test and those that a rule leaves out: both have addresses. */
export function allNodes({ nodes, outside = [] }: Topology): ClusterNode[] {
  return [...nodes, ...outside];
}

/**
 * Whether pods get their addresses from their Node's PodCIDRs. CNIs with an address management of their own
 * (Calico, Cilium) may leave PodCIDRs unused: then they say nothing about where a pod's address belongs.
 */
export function usesPodCidrs(topology: Topology): boolean {
  const cidrs = new Map(
    topology.nodes.map((node) => [node.name, netsOf(node.podCidrs).map(([, net]) => net)]),
  );
  const pods = topology.agents.filter((agent) => agent.network === 'pod');
  const addresses = pods.flatMap((pod) =>
    Object.values(pod.addresses).map((address) => [pod.node, address] as const),
  );
  return (
    addresses.length > 0 &&
    addresses.every(([node, address]) => {
      const net = parseNet(address);
      return net !== undefined && (cidrs.get(node) ?? []).some((cidr) => contains(cidr, net));
    })
  );
}

type Named = [text: string, net: Net];

function netsOf(cidrs: readonly string[]): Named[] {
  return cidrs.flatMap((text): Named[] => {
    const net = parseNet(text);
    return net === undefined ? [] : [[text, net]];
  });
}

function overlapsWith(own: readonly Named[], other: ClusterNode): string[] {
  return own.flatMap(([text, net]) =>
    netsOf(other.podCidrs)
      .filter(([, theirs]) => overlaps(net, theirs))
      .map(([theirs]) => `PodCIDR ${text} overlaps with ${theirs} of ${other.name}`),
  );
}

function takenIn(own: readonly Named[], topology: Topology): string[] {
  const taken = [
    ...allNodes(topology).flatMap(({ name, addresses }) =>
      Object.values(addresses).map((address) => [`the InternalIP of ${name}`, address] as const),
    ),
    ...topology.services.flatMap(({ namespace, name, clusterIPs }) =>
      Object.values(clusterIPs).map((address) => [`the ClusterIP of ${namespace}/${name}`, address] as const),
    ),
  ];
  return own.flatMap(([text, net]) =>
    taken.flatMap(([what, address]) => {
      const at = parseNet(address);
      return at !== undefined && contains(net, at) ? [`PodCIDR ${text} holds ${address}, ${what}`] : [];
    }),
  );
}
