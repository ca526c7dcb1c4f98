import type { Check, ProbeAim } from '../checks/shared/check.ts';
import type {
  Agent,
  Batch,
  Case,
  Observation,
  Plan,
  Probe,
  Round,
  RoundProbes,
  Settings,
  Topology,
} from '../model.ts';
import { sortedBy } from '../order.ts';
import { ROUNDS } from '../wire.ts';
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
  const probes = new Map<Agent, Map<Round, Probe[]>>();
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
    } else if (aim.kind === 'derived') {
      // Nothing to send: its judge looks at what others saw, or at what the API said.
    } else if (aim.kind === 'unsent') {
      unsent.push({ case: entry.id, attempts: [aim.attempt] });
    } else if (source === undefined) {
      unsent.push({ case: entry.id, attempts: [{ outcome: 'unobserved', cause: 'no-agent' }] });
    } else {
      const rounds = probes.get(source) ?? new Map<Round, Probe[]>();
      probes.set(source, rounds);
      listFor(rounds, aim.round ?? 'main').push(probeOf(entry, aim, settings));
    }
  }

  const batches: Batch[] = [];
  const controls: Plan['controls'] = [];
  // Both networks of a Node side by side: what one of them controls for the other happens in the same minute.
  const sources = sortedBy(probes, ([agent]) => agent.node);
  for (const [agent, rounds] of sources) {
    const planned = planControls(agent, [...rounds.values()].flat(), checks, topology, settings);
    controls.push(...planned.controls);
    const { node, network, namespace, pod, uid } = agent;
    const share = (nodeRank.get(node) ?? 0) / Math.max(1, topology.nodes.length);
    const inRound = (round: Round): RoundProbes => ({
      round,
      probes: [...rotated(rounds.get(round) ?? [], share), ...(round === 'main' ? planned.probes : [])],
    });
    batches.push({
      source: { node, network, namespace, pod, uid },
      rounds: ROUNDS.map(inRound).filter((one) => one.probes.length > 0),
    });
  }
  return { run, batches, controls, unsent };
}

function probeOf(entry: Case, aim: ProbeAim, { probe }: Settings): Probe {
  const { address, port, expect, count, ask, attempts = probe.attempts, timeoutMs = probe.timeoutMs } = aim;
  const { id, check, family } = entry;
  return {
    case: id,
    check,
    ...(family === undefined ? {} : { family }),
    address,
    port,
    expect,
    timeoutMs,
    attempts,
    count,
    ...(ask === undefined ? {} : { ask }),
  };
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
