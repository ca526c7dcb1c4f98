import type { Agent, Attempt, Case, ClusterNode, Network, Settings, Topology } from '../model.ts';
import { caseOf } from './shared/case.ts';
import type { Aim, Check, ControlAim, Look, Ruling } from './shared/check.ts';

const TITLE = 'Ready and covered';

/** From the API alone: a Node that was sick, uncovered or not the same one all the time is told, never dropped. */
export const freshness = {
  name: 'freshness',
  title: 'each Node is Ready and has its agents, before and after the run',
  proof: 'the API said so before the first probe and after the last one, of the same Node by its UID',
  runs: 'by default',
  paths: ['on-node'],
  expand: ({ cluster, nodes }: Topology): Case[] =>
    nodes.map(({ name }) =>
      caseOf({
        check: 'freshness',
        path: 'on-node',
        source: { cluster, node: name, network: 'host' },
        target: { cluster, name: TITLE, node: name },
        locality: 'same-node',
      }),
    ),
  aim: (): Aim => ({ kind: 'derived' }),
  controls: (): ControlAim[] => [],
  attempt: (): Promise<Attempt> => Promise.reject(new Error('nothing is ever sent for freshness')),
  judge,
} as const satisfies Check;

function judge({ source }: Case, _last: Attempt | undefined, look: Look): Ruling {
  const before = look.topology.nodes.find(({ name }) => name === source.node);
  if (before === undefined) return errored('not-run', `Node ${source.node} was not there when the run began`);
  if (!before.ready) return failed(`was NotReady when the run began${because(before)}`);
  if (look.nodesAfter === undefined)
    return errored('not-run', 'nobody could look at the Nodes after the run');
  const after = look.nodesAfter.find(({ name }) => name === source.node);
  if (after === undefined) return errored('target-gone', 'the Node was deleted during the run');
  if (after.uid !== before.uid) {
    return errored('target-gone', 'the Node was deleted and registered anew during the run');
  }
  const uncovered = uncoveredBy(source.node, look.topology, look.settings);
  if (uncovered !== undefined) return errored('no-agent', uncovered);
  if (!after.ready) return failed(`was NotReady when the run ended${because(after)}`);
  const remarks = remarksOn(after);
  const told = remarks.length === 0 ? '' : `; ${remarks.join('; ')}`;
  return {
    verdict: 'passed',
    reason: 'proof',
    sentence: `Ready before and after the run, every agent in place${told}`,
  };

  function failed(what: string): Ruling {
    return { verdict: 'failed', reason: 'mismatch', sentence: `Node ${source.node} ${what}` };
  }
}

function errored(reason: Ruling['reason'], sentence: string): Ruling {
  return { verdict: 'errored', reason, sentence };
}

function because({ notReady }: ClusterNode): string {
  return notReady === undefined ? '' : ` (${notReady})`;
}

/** No fault: it is for the operator to know. */
function remarksOn({ schedulable, taints }: ClusterNode): string[] {
  return [
    ...(schedulable ? [] : ['the Node is cordoned']),
    ...(taints.length === 0 ? [] : [`the Node is tainted: ${taints.join(', ')}`]),
  ];
}

function uncoveredBy(node: string, { agents }: Topology, settings: Settings): string | undefined {
  const wanted: [network: Network, role: Agent['role'], name: string][] = [
    ['pod', 'prober', 'pod-network agent'],
    ...(settings.agents.peer ? [['pod', 'peer', 'second pod'] as [Network, Agent['role'], string]] : []),
    ...(settings.agents.hostNetwork
      ? [['host', 'prober', 'host-network agent'] as [Network, Agent['role'], string]]
      : []),
  ];
  for (const [network, role, name] of wanted) {
    const those = agents.filter(
      (agent) => agent.node === node && agent.network === network && agent.role === role,
    );
    if (those.some((agent) => agent.ready)) continue;
    return `no ready ${name} on ${node}: ${those[0]?.problem ?? (those.length === 0 ? 'no such pod' : 'not ready')}`;
  }
  return undefined;
}
