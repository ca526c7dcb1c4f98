import type { Check } from '../checks/shared/check.ts';
import type { Agent, Batch, Case, Observation, Plan, Probe, Settings, Topology } from '../model.ts';
import { planControls } from './controls.ts';
import { rotated } from './rotate.ts';

/**
 * One batch per source agent, in an order that does not send every source to the same target at once;
 * the cases that cannot be sent at all; and the controls that each agent answers for.
 */
export function planRun(
  run: string,
  cases: readonly Case[],
  checks: readonly Check[],
  topology: Topology,
  settings: Settings,
): Plan {
  const unsent: Observation[] = [];
  const probes = new Map<Agent, Probe[]>();
  const agents = new Map(topology.agents.filter((a) => a.role === 'prober').map((a) => [agentKey(a), a]));
  const checkOf = new Map(checks.map((check) => [check.name, check]));
  const nodeRank = new Map(topology.nodes.map((node, index) => [node.name, index]));

  for (const entry of cases) {
    if (entry.skip !== undefined) continue;
    const check = checkOf.get(entry.check);
    const source = agents.get(agentKey(entry.source));
    const aim = check?.aim(entry, topology, settings);
    if (check === undefined || aim === undefined) {
      unsent.push({ case: entry.id, attempts: [{ outcome: 'unobserved', cause: 'not-run' }] });
    } else if (aim.kind === 'unsent') {
      unsent.push({ case: entry.id, attempts: [aim.attempt] });
    } else if (source === undefined) {
      unsent.push({ case: entry.id, attempts: [{ outcome: 'unobserved', cause: 'no-agent' }] });
    } else {
      const { address, port, expect, count } = aim;
      const { timeoutMs, attempts } = settings.probe;
      const probe = { case: entry.id, check: check.name, family: entry.family, address, port, expect };
      listFor(probes, source).push({ ...probe, timeoutMs, attempts, count });
    }
  }

  const batches: Batch[] = [];
  const controls: Plan['controls'] = [];
  for (const [agent, own] of probes) {
    const planned = planControls(agent, own, checks, topology, settings);
    controls.push(...planned.controls);
    const { node, network, namespace, pod, uid } = agent;
    const rank = nodeRank.get(node) ?? 0;
    batches.push({
      source: { node, network, namespace, pod, uid },
      probes: [...rotated(own, rank / Math.max(1, topology.nodes.length)), ...planned.probes],
    });
  }
  return { run, batches, controls, unsent };
}

function agentKey(agent: { node: string; network: string }): string {
  return `${agent.network} ${agent.node}`;
}

function listFor<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const fresh: V[] = [];
  lists.set(key, fresh);
  return fresh;
}
