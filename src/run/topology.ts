import type { Agent, ClusterNode, Family } from '../model.ts';

const FAMILIES: readonly Family[] = ['v4', 'v6'];

/** Families that any Node, PodCIDR or agent has: those that the cluster has at all. */
export function familiesOf(nodes: readonly ClusterNode[], agents: readonly Agent[]): Family[] {
  const owners = [...nodes, ...agents];
  return FAMILIES.filter(
    (family) =>
      owners.some((owner) => owner.addresses[family] !== undefined) ||
      nodes.some((node) => node.podFamilies.includes(family)),
  );
}
