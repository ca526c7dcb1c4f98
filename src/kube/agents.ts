import type { V1Pod } from '@kubernetes/client-node';
import type { Agent, Settings } from '../model.ts';
import { addressesOf } from './addresses.ts';
import { podProblem } from './agent-problem.ts';
import type { KubeClient } from './connect.ts';
import { listPods } from './follow-pods.ts';
import { COMPONENT_LABEL, type Component, NAME_LABEL, SPEC_LABEL } from './names.ts';
import type { AgentSpec } from './objects.ts';

/** Our pods made from the current templates, at most one per Node and kind; one LIST per Namespace. */
export async function listAgents(
  client: KubeClient,
  settings: Pick<Settings, 'namespace' | 'hostNamespace'>,
  spec: AgentSpec,
  signal?: AbortSignal,
): Promise<Agent[]> {
  const agents: Agent[] = [];
  for (const namespace of agentNamespaces(settings, spec)) {
    agents.push(...(await listAgentsIn(client, namespace, spec, signal)));
  }
  return agents;
}

/** The Namespaces that hold agents of `spec`: the host's only if there are host-network agents. */
export function agentNamespaces(
  settings: Pick<Settings, 'namespace' | 'hostNamespace'>,
  spec: AgentSpec,
): string[] {
  const namespaces = [
    settings.namespace,
    ...(spec['host-agent'] === undefined && spec['host-port-agent'] === undefined
      ? []
      : [settings.hostNamespace]),
  ];
  return [...new Set(namespaces)];
}

export async function listAgentsIn(
  client: KubeClient,
  namespace: string,
  spec: AgentSpec,
  signal?: AbortSignal,
): Promise<Agent[]> {
  const { items } = await listPods(client, namespace, agentSelector(spec), signal);
  return currentAgents(items);
}

export function agentSelector(spec: AgentSpec): string {
  return `${NAME_LABEL}=netaccept,${SPEC_LABEL} in (${Object.values(spec).join(',')})`;
}

/** One agent per Node and kind: while a pod is replaced, both are listed for a moment. */
export function currentAgents(pods: readonly V1Pod[]): Agent[] {
  const best = new Map<string, Agent>();
  for (const pod of pods) {
    const agent = agentOf(pod);
    if (agent === undefined) continue;
    const key = agentKey(agent);
    const other = best.get(key);
    if (other === undefined || rank(agent) > rank(other)) best.set(key, agent);
  }
  return [...best.values()].sort((a, b) => (agentKey(a) < agentKey(b) ? -1 : 1));
}

export function agentKey(agent: Pick<Agent, 'network' | 'role' | 'node'>): string {
  return `${agent.network} ${agent.role} ${agent.node}`;
}

/** Pod Security "restricted" and "baseline" forbid host ports as they forbid the host's network. */
export function namespaceOf(
  component: Component,
  { namespace, hostNamespace }: Pick<Settings, 'namespace' | 'hostNamespace'>,
): string {
  return component === 'host-agent' || component === 'host-port-agent' ? hostNamespace : namespace;
}

export const PLACES = {
  'pod-agent': { network: 'pod', role: 'prober' },
  'peer-agent': { network: 'pod', role: 'peer' },
  'host-agent': { network: 'host', role: 'prober' },
  'host-port-agent': { network: 'pod', role: 'host-port' },
} as const satisfies Record<Component, Pick<Agent, 'network' | 'role'>>;

function agentOf(pod: V1Pod): Agent | undefined {
  const component = pod.metadata?.labels?.[COMPONENT_LABEL] ?? '';
  const node = pod.spec?.nodeName ?? intendedNode(pod);
  if (!isComponent(component) || node === undefined) return undefined;
  const problem = podProblem(pod);
  return {
    node,
    ...PLACES[component],
    namespace: pod.metadata?.namespace ?? '',
    pod: pod.metadata?.name ?? '',
    uid: pod.metadata?.uid ?? '',
    addresses: addressesOf((pod.status?.podIPs ?? []).map(({ ip }) => ip)),
    ready: problem === undefined,
    restarts: (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(pod.metadata?.deletionTimestamp === undefined ? {} : { terminating: true }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The DaemonSet controller names a pod's Node in its affinity: all there is before it is scheduled. */
function intendedNode(pod: V1Pod): string | undefined {
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const fields = required?.nodeSelectorTerms.flatMap((term) => term.matchFields ?? []) ?? [];
  return fields.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')?.values?.[0];
}

function isComponent(name: string): name is Component {
  return Object.hasOwn(PLACES, name);
}

function rank(agent: Agent): number {
  return (agent.ready ? 2 : 0) + (agent.terminating === true ? 0 : 1);
}
