import type {
  Case,
  ClusterNode,
  Endpoint,
  Family,
  Network,
  PathName,
  Settings,
  Topology,
} from '../../model.ts';
import { caseOf, skipFrom } from './case.ts';
import { familiesOfNetwork } from './families.ts';

interface Path {
  name: PathName;
  from: Network;
  to: Network;
}

const paths = [
  { name: 'pod-to-pod', from: 'pod', to: 'pod' },
  { name: 'pod-to-node', from: 'pod', to: 'host' },
  { name: 'node-to-pod', from: 'host', to: 'pod' },
  { name: 'node-to-node', from: 'host', to: 'host' },
] as const satisfies readonly Path[];

/** The paths between two Nodes. */
export const pairPaths: readonly PathName[] = paths.map((path) => path.name);

/**
 * One case for each path, family that both its networks have, and ordered pair of Nodes (a Node with
 * itself included), those that the settings leave out too, with `skip`: 4 × F × N² cases in a cluster
 * whose F families are in both networks.
 */
export function expandPairs(
  check: string,
  topology: Topology,
  settings: Settings,
  wanted: readonly PathName[] = pairPaths,
): Case[] {
  const { cluster, nodes } = topology;
  const families = {
    pod: familiesOfNetwork(topology, 'pod'),
    host: familiesOfNetwork(topology, 'host'),
  } satisfies Record<Network, Family[]>;
  const shared = (path: Path) => families[path.from].filter((family) => families[path.to].includes(family));
  const chosen = paths.filter((path) => wanted.includes(path.name));
  return chosen.flatMap((path) =>
    shared(path).flatMap((family) =>
      nodes.flatMap((source) =>
        nodes.map((target) => pairCase({ check, cluster, path, family, source, target }, settings)),
      ),
    ),
  );
}

interface Pair {
  check: string;
  cluster: string;
  path: Path;
  family: Family;
  source: ClusterNode;
  target: ClusterNode;
}

function pairCase({ check, cluster, path, family, source, target }: Pair, settings: Settings): Case {
  const end = (node: ClusterNode, network: Network): Endpoint => ({ cluster, node: node.name, network });
  const locality = source.name === target.name ? 'same-node' : 'cross-node';
  return caseOf({
    check,
    path: path.name,
    family,
    source: end(source, path.from),
    target: { ...end(target, path.to), name: target.name },
    locality,
    skip: skipRule(path, locality, settings),
  });
}

function skipRule(path: Path, locality: Case['locality'], settings: Settings): string | undefined {
  const rule = skipFrom(path.from, settings) ?? skipFrom(path.to, settings);
  if (rule !== undefined) return rule;
  // A pod that probes itself never leaves its own loopback: that would prove nothing about the node.
  if (!settings.agents.peer && path.name === 'pod-to-pod' && locality === 'same-node') {
    return "no second pod on the node (agents.peer): a pod's way to itself says nothing about the network";
  }
  return undefined;
}
