import type { Agent, ClusterNode, Settings } from '../model.ts';
import { agentKey, agentNamespaces, listAgentsIn, namespaceOf, PLACES } from './agents.ts';
import type { KubeClient } from './connect.ts';
import { lastWarning } from './events.ts';
import { followAgents } from './follow-agents.ts';
import { type Component, daemonSetName } from './names.ts';
import type { AgentSpec } from './objects.ts';

export interface WaitOptions {
  signal?: AbortSignal;
  /** At the start, and whenever that changed: agents that are ready, and how many there should be. */
  onProgress?(ready: number, wanted: number): void;
}

/**
 * Looks until every ready Node has its ready agents or `agents.readyTimeoutMs` has passed, and returns all
 * agents that should be there. One that is missing or not ready carries its `problem`; it never throws for that.
 * Agents on a Node that is not ready are not waited for.
 */
export async function waitForAgents(
  client: KubeClient,
  settings: Settings,
  nodes: readonly ClusterNode[],
  spec: AgentSpec,
  { signal, onProgress }: WaitOptions = {},
): Promise<Agent[]> {
  const wanted = wantedAgents(settings, nodes, spec);
  const seen = new Map<string, Agent>();
  const isReady = (one: Wanted) => seen.get(one.key)?.ready === true;
  let told = -1;
  const tell = () => {
    const ready = wanted.filter(isReady).length;
    if (ready !== told) onProgress?.(ready, wanted.length);
    told = ready;
  };
  tell();
  const failed = new AbortController();
  const ended = AbortSignal.any(signal === undefined ? [failed.signal] : [signal, failed.signal]);
  const withinMs = settings.agents.readyTimeoutMs;
  const waitIn = async (namespace: string) => {
    const awaited = wanted.filter((one) => one.awaited && one.namespace === namespace);
    const enough = (agents: readonly Agent[]) => {
      forget(seen, namespace);
      for (const agent of agents) seen.set(agentKey(agent), agent);
      tell();
      return awaited.every(isReady);
    };
    if (awaited.length > 0) return followAgents(client, namespace, spec, { signal: ended, withinMs, enough });
    // Nothing to wait for is still something to look at: what is wrong there goes into the report.
    enough(await listAgentsIn(client, namespace, spec, ended));
  };
  try {
    await Promise.all(agentNamespaces(settings, spec).map(waitIn));
  } finally {
    // One Namespace that cannot be looked at ends the others' waiting too.
    failed.abort();
  }
  return withProblems(client, wanted, seen, signal);
}

interface Wanted {
  key: string;
  node: ClusterNode;
  component: Component;
  namespace: string;
  awaited: boolean;
}

function wantedAgents(settings: Settings, nodes: readonly ClusterNode[], spec: AgentSpec): Wanted[] {
  const components = (Object.keys(PLACES) as Component[]).filter(
    (component) => spec[component] !== undefined,
  );
  return components.flatMap((component) =>
    nodes.map((node) => ({
      key: agentKey({ ...PLACES[component], node: node.name }),
      node,
      component,
      namespace: namespaceOf(component, settings),
      awaited: node.ready,
    })),
  );
}

function forget(seen: Map<string, Agent>, namespace: string): void {
  for (const [key, agent] of seen) if (agent.namespace === namespace) seen.delete(key);
}

/** What is wrong with each, as far as anybody knows: the pod says it, else its DaemonSet, and first of all its Node. */
async function withProblems(
  client: KubeClient,
  wanted: readonly Wanted[],
  seen: ReadonlyMap<string, Agent>,
  signal?: AbortSignal,
): Promise<Agent[]> {
  const warnings = new Map<Component, string>();
  const agents: Agent[] = [];
  for (const { key, node, component, namespace } of wanted) {
    const known = seen.get(key);
    let warning = warnings.get(component);
    if (known === undefined && warning === undefined) {
      warning = (await lastWarning(client, namespace, daemonSetName(component), signal)) ?? 'no pod was made';
      warnings.set(component, warning);
    }
    const none = { pod: '', uid: '', addresses: {}, ready: false, restarts: 0, problem: warning ?? '' };
    const agent = known ?? { node: node.name, ...PLACES[component], namespace, ...none };
    const sick = !node.ready && !agent.ready;
    agents.push(sick ? { ...agent, problem: `NodeNotReady: ${agent.problem}` } : agent);
  }
  return agents;
}
