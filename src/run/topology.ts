import type { Agent, ClusterNode, Family, Problem, Topology } from '../model.ts';

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

/** Nodes that nobody tested because they came too late: without them a run is not green. */
export function joinedMeanwhile(
  { nodes, excluded }: Pick<Topology, 'nodes' | 'excluded'>,
  after: readonly Pick<ClusterNode, 'name'>[],
): Problem[] {
  const known = new Set([...nodes.map(({ name }) => name), ...excluded.map(({ node }) => node)]);
  const joined = after.filter(({ name }) => !known.has(name));
  return joined.map(({ name }) => ({
    code: 'node-joined',
    message: `Node ${name} joined during the run: not tested`,
    hint: 'run again: then it is part of the matrix',
  }));
}
