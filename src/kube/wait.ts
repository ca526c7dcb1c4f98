import { setTimeout as pause } from 'node:timers/promises';
import type { Agent, ClusterNode, Settings } from '../model.ts';
import { agentKey, agentNamespaces, listAgentsIn, namespaceOf, PLACES } from './agents.ts';
import type { KubeClient } from './connect.ts';
import { lastWarning } from './events.ts';
import { type Component, daemonSetName } from './names.ts';
import type { AgentSpec } from './objects.ts';

const FIRST_POLL_MS = 2_000;
const SLOWEST_POLL_MS = 10_000;

export interface WaitOptions {
  signal?: AbortSignal;
  /** After every look: agents that are ready, and how many there should be. */
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
  let open = agentNamespaces(settings, spec);
  const deadline = performance.now() + settings.agents.readyTimeoutMs;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, SLOWEST_POLL_MS)) {
    for (const namespace of open) {
      forget(seen, namespace);
      for (const agent of await listAgentsIn(client, namespace, spec, signal))
        seen.set(agentKey(agent), agent);
    }
    const missing = wanted.filter((one) => seen.get(one.key)?.ready !== true);
    onProgress?.(wanted.length - missing.length, wanted.length);
    // A Namespace that is complete is not looked at again: requests are counted.
    open = open.filter((namespace) => missing.some((one) => one.awaited && one.namespace === namespace));
    const leftMs = deadline - performance.now();
    if (open.length === 0 || leftMs <= 0) break;
    await pause(Math.min(pollMs, leftMs), undefined, { signal });
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
