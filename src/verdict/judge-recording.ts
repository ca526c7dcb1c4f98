import type { Check, Look, Ruling } from '../checks/shared/check.ts';
import type {
  Agent,
  Case,
  CaseVerdict,
  ClusterNode,
  Control,
  ControlVerdict,
  JournalEntry,
  Observation,
  Settings,
  Target,
  Topology,
} from '../model.ts';
import { arrivalsIn } from './arrivals.ts';
import { judgeControl } from './controls.ts';
import { judgeCase } from './judge.ts';

type BatchEnd = Extract<JournalEntry, { type: 'batch-ended' }>;

export interface Bench {
  judge(entry: Case): CaseVerdict;
  judgeControl(control: Control): ControlVerdict;
  /** The signal that interrupted the run, if one did. */
  interrupted: string | undefined;
}

/** A recorded run laid out for its judges: what was seen by case, and who was there before and after. */
export function benchFor(
  { journal, cases }: { journal: readonly JournalEntry[]; cases: readonly Case[] },
  topology: Topology,
  settings: Settings,
  checks: readonly Check[],
): Bench {
  const seen = new Map<string, Observation>();
  const ends = new Map<string, BatchEnd>();
  let after: Agent[] | undefined;
  let nodesAfter: ClusterNode[] | undefined;
  let interrupted: string | undefined;
  for (const entry of journal) {
    // The first report stands: a second one for the same case could only be a mix-up.
    if (entry.type === 'observation' && !seen.has(entry.observation.case)) {
      seen.set(entry.observation.case, entry.observation);
    } else if (entry.type === 'batch-ended') ends.set(placeOf(entry.source), entry);
    else if (entry.type === 'agents-after') after = entry.agents;
    else if (entry.type === 'nodes-after') nodesAfter = entry.nodes;
    else if (entry.type === 'interrupted') interrupted = entry.signal;
  }
  const arrivalOf = arrivalsIn(journal);
  const checkOf = new Map(checks.map((check) => [check.name, check]));
  const proberAt = new Map(topology.agents.filter((a) => a.role === 'prober').map((a) => [placeOf(a), a]));
  // By address, because an icmp case cannot say by UID whom it means, and a node may hold two pods of ours.
  const agentAt = new Map(topology.agents.flatMap((a) => Object.values(a.addresses).map((at) => [at, a])));

  const gathered = new Map<string, unknown>();
  const look: Look = {
    topology,
    settings,
    cases,
    seen: (id) => seen.get(id)?.attempts.at(-1),
    agentsAfter: after,
    nodesAfter,
    once<T>(key: string, make: () => T): T {
      if (!gathered.has(key)) gathered.set(key, make());
      return gathered.get(key) as T;
    },
  };

  function judge(entry: Case): CaseVerdict {
    const check = checkOf.get(entry.check);
    const aim = entry.skip === undefined ? check?.aim(entry, topology, settings) : undefined;
    const expect = aim?.kind === 'probe' ? aim.expect : [];
    const target = aim?.kind === 'probe' ? agentAt.get(aim.address) : undefined;
    const end = ends.get(placeOf(entry.source));
    const cut = interrupted === undefined ? undefined : 'interrupted';
    return judgeCase(entry, seen.get(entry.id), {
      expect,
      source: proberAt.get(placeOf(entry.source)),
      target: target ?? targetAgent(entry.target),
      after,
      batchCause: end === undefined || end.complete ? cut : end.cause,
      batchDetail: end?.detail,
      own: check?.judge === undefined ? undefined : (last) => check.judge?.(entry, last, look) ?? NO_RULING,
      arrivalOf: (mark) => arrivalOf(mark, expect),
      derived: aim?.kind === 'derived',
    });
  }

  /** Only a target that is a Node or pod of a pair is an agent of ours: a DNS pod at that Node is not. */
  function targetAgent({ name, node, network }: Target): Agent | undefined {
    return name === node && network !== undefined ? proberAt.get(placeOf({ node, network })) : undefined;
  }

  return { judge, judgeControl: (control) => judgeControl(control, seen.get(control.id)), interrupted };
}

const NO_RULING: Ruling = { verdict: 'errored', reason: 'not-run' };

function placeOf(end: { network: string; node: string }): string {
  return `${end.network} ${end.node}`;
}
