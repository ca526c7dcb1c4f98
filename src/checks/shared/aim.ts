import type { Addresses, Agent, Attempt, Case, ClusterNode, Endpoint, Topology } from '../../model.ts';
import type { Aim } from './check.ts';

export interface Exchange {
  /** 0 where the protocol has none. */
  port: number;
  /** Datagrams or echo requests per attempt; 1 for stream protocols. */
  count: number;
  /** Whether an answer says who gave it; if not, nobody in particular can be expected. */
  identified: boolean;
  /** Which pod of the target Node; by default its prober, and its peer where source and target are on one Node. */
  role?: Agent['role'];
}

/**
 * Where a case of `expandPairs` goes: to the pod's own address, or to the Node's InternalIP.
 * Unsent when an agent at either end is not ready (source first), or an address is missing there.
 */
export function aimOf(entry: Case, topology: Topology, { port, count, identified, role }: Exchange): Aim {
  const source = placeOf(entry.source, 'prober', topology);
  if (!source.agent?.ready) return unobserved('no-agent', source);
  const { node, network } = entry.target;
  if (node === undefined || network === undefined || entry.family === undefined) {
    throw new Error(`${entry.id} is no pair of Nodes`);
  }
  const samePod = entry.path === 'pod-to-pod' && entry.locality === 'same-node';
  const target = placeOf({ node, network }, role ?? (samePod ? 'peer' : 'prober'), topology);
  if (!target.agent?.ready) return unobserved('no-target-agent', target);

  const { family } = entry;
  const address = target.addresses[family];
  const lacking = [source, target].filter((place) => place.addresses[family] === undefined);
  if (address === undefined || lacking.length > 0) return withoutAddress(entry, lacking);
  return { kind: 'probe', address, port, count, expect: identified ? [target.agent.uid] : [] };
}

/**
 * The agent that a case starts from, or the attempt to report because it cannot start: no ready agent there,
 * or no address of the case's family.
 */
export function sourceOf(entry: Case, topology: Topology): { agent: Agent } | { unsent: Aim } {
  const source = placeOf(entry.source, 'prober', topology);
  if (!source.agent?.ready) return { unsent: unobserved('no-agent', source) };
  const { family } = entry;
  if (family !== undefined && source.addresses[family] === undefined) {
    return { unsent: withoutAddress(entry, [source]) };
  }
  return { agent: source.agent };
}

export function nodeNamed(name: string, topology: Topology): ClusterNode | undefined {
  return indexOf(topology).nodes.get(name);
}

type At = Pick<Endpoint, 'node' | 'network'>;

interface Place {
  /** For people: `pod netaccept-x2x on node-a`, `node node-a`. */
  name: string;
  endpoint: At;
  role: Agent['role'];
  agent: Agent | undefined;
  addresses: Addresses;
}

function placeOf(endpoint: At, role: Agent['role'], topology: Topology): Place {
  const { agents, nodes } = indexOf(topology);
  const agent = agents.get(agentKey({ node: endpoint.node, network: endpoint.network, role }));
  if (endpoint.network === 'pod') {
    const name = `pod ${agent?.pod ?? '(none)'} on ${endpoint.node}`;
    return { name, endpoint, role, agent, addresses: agent?.addresses ?? {} };
  }
  const addresses = nodes.get(endpoint.node)?.addresses ?? {};
  return { name: `node ${endpoint.node}`, endpoint, role, agent, addresses };
}

function unobserved(cause: 'no-agent' | 'no-target-agent', { agent, endpoint, role }: Place): Aim {
  const who = `${role === 'peer' ? 'second ' : ''}${endpoint.network}-network agent on ${endpoint.node}`;
  const why = agent === undefined ? 'no such pod' : (agent.problem ?? 'not ready');
  return unsent({ outcome: 'unobserved', cause, detail: `${who}: ${why}` });
}

function withoutAddress({ family, source, target }: Case, lacking: Place[]): Aim {
  const label = family === 'v4' ? 'IPv4' : 'IPv6';
  const sameHost = source.network === 'host' && target.network === 'host' && source.node === target.node;
  const names = (sameHost ? lacking.slice(0, 1) : lacking).map((place) => place.name);
  const verb = names.length > 1 ? 'have' : 'has';
  return unsent({
    outcome: 'no-address',
    detail: `${names.join(' and ')} ${verb} no ${label} address, the cluster has`,
  });
}

function unsent(attempt: Attempt): Aim {
  return { kind: 'unsent', attempt };
}

interface Index {
  agents: Map<string, Agent>;
  nodes: Map<string, ClusterNode>;
}

// N² cases ask for the same N agents: without this, a search per case makes the whole N³.
const indexes = new WeakMap<Topology, Index>();

function indexOf(topology: Topology): Index {
  const known = indexes.get(topology);
  if (known) return known;
  const agents = new Map<string, Agent>();
  for (const agent of topology.agents) {
    // During a rollout a node has an old pod and a new one: the ready one counts.
    if (!agents.get(agentKey(agent))?.ready) agents.set(agentKey(agent), agent);
  }
  const nodes = new Map(topology.nodes.map((node) => [node.name, node]));
  const index = { agents, nodes };
  indexes.set(topology, index);
  return index;
}

function agentKey({ node, network, role }: Pick<Agent, 'node' | 'network' | 'role'>): string {
  return `${node} ${network} ${role}`;
}
