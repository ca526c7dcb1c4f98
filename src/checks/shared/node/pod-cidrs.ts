import type { Case, Topology } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { contains, overlaps, parseNet } from '../cidr.ts';
import { familiesOfNetwork } from '../families.ts';
import { failed, listed, type NodeFact, onEach, ruled } from './fact.ts';
import { allNodes, internalIpsOf, type Owners, ownersIn } from './owners.ts';

/** From the API alone: every Node has its own, and nothing else lies in them. */
export const podCidrs = {
  name: 'pod-cidrs',
  expand: (topology) =>
    topology.nodes.some((node) => node.podCidrs.length > 0) ? onEach(topology, 'PodCIDRs') : [],
  judge,
} as const satisfies NodeFact;

function judge({ source }: Case, _found: unknown, look: Look): Ruling {
  const { topology } = look;
  const node = topology.nodes.find(({ name }) => name === source.node);
  if (node === undefined) return failed(`Node ${source.node} is not in the API's list`);
  const lacking = look.once('node/pod-cidrs/families', () =>
    familiesOfNetwork(topology, 'pod').filter((family) =>
      topology.nodes.some((other) => other.podFamilies.includes(family)),
    ),
  );
  const taken = look.once('node/pod-cidrs/taken', () => takenAddresses(topology));
  const { podCidrs } = ownersIn(topology);
  const own = podCidrs.filter((cidr) => cidr.node === node.name);
  const faults = [
    ...lacking
      .filter((family) => !node.podFamilies.includes(family))
      .map((family) => `${node.name} has no IP${family} PodCIDR, other Nodes have one`),
    ...own.flatMap((cidr) => overlapsOf(cidr, podCidrs)),
    ...own.flatMap(({ text, net }) =>
      taken.flatMap(({ what, at }) => (contains(net, at) ? [`PodCIDR ${text} holds ${what}`] : [])),
    ),
  ];
  return ruled(
    faults,
    `${listed(node.podCidrs)}: no other Node's, and no Node or Service has an address in it`,
  );
}

type PodCidr = Owners['podCidrs'][number];

function overlapsOf({ node, text, net }: PodCidr, all: readonly PodCidr[]): string[] {
  const others = all.filter((other) => other.node !== node && overlaps(net, other.net));
  return others.map((other) => `PodCIDR ${text} overlaps with ${other.text} of ${other.node}`);
}

function takenAddresses(topology: Topology) {
  const named = [
    ...allNodes(topology).flatMap((node) =>
      internalIpsOf(node).map((address) => ({ address, what: `${address}, the InternalIP of ${node.name}` })),
    ),
    ...topology.services.flatMap(({ namespace, name, clusterIPs }) =>
      Object.values(clusterIPs).map((address) => ({
        address,
        what: `${address}, the ClusterIP of ${namespace}/${name}`,
      })),
    ),
  ];
  return named.flatMap(({ address, what }) => {
    const at = parseNet(address);
    return at === undefined ? [] : [{ what, at }];
  });
}
