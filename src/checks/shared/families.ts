import type { Family, Network, Topology } from '../../model.ts';

/**
 * Families that a network of this cluster has anywhere: then every Node and pod must have them, and one
 * that lacks an address is a failing case. PodCIDRs count, so a family that no pod got shows as well.
 */
export function familiesOfNetwork(topology: Topology, network: Network): Family[] {
  const { nodes, agents, families } = topology;
  if (network === 'host') return families.filter((family) => nodes.some((node) => node.addresses[family]));
  const pods = agents.filter((agent) => agent.network === 'pod');
  return families.filter(
    (family) =>
      nodes.some((node) => node.podFamilies.includes(family)) || pods.some((pod) => pod.addresses[family]),
  );
}
