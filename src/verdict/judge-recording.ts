import { isDeepStrictEqual } from 'node:util';
import type { Check, Look, Ruling } from '../checks/shared/check.ts';
import { messageOf } from '../errors.ts';
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
import { type Evidence, judgeCase } from './judge.ts';

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
  const disputed = new Set<string>();
  const ends = new Map<string, BatchEnd>();
  let after: Agent[] | undefined;
  let nodesAfter: ClusterNode[] | undefined;
  let interrupted: string | undefined;
  for (const entry of journal) {
    if (entry.type === 'observation') {
      const { observation } = entry;
      const told = seen.get(observation.case);
      if (told === undefined) seen.set(observation.case, observation);
      else if (!isDeepStrictEqual(told, observation)) disputed.add(observation.case);
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
    seen: (id) => (disputed.has(id) ? undefined : seen.get(id)?.attempts.at(-1)),
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
      target: target ?? targetAgent(entry.target),
      after,
      batchCause: end === undefined || end.complete ? cut : end.cause,
      batchDetail: end?.detail,
      own: check === undefined ? undefined : ownRuling(check, entry, look),
      arrivalOf: (mark) => arrivalOf(mark, expect),
      derived: aim?.kind === 'derived',
      disputed: disputed.has(entry.id),
    });
  }

  /** Only a target that is a Node or pod of a pair is an agent of ours: a DNS pod at that Node is not. */
  function targetAgent({ name, node, network }: Target): Agent | undefined {
    return name === node && network !== undefined ? proberAt.get(placeOf({ node, network })) : undefined;
  }

  const told = (id: string) => (disputed.has(id) ? undefined : seen.get(id));
  return { judge, judgeControl: (control) => judgeControl(control, told(control.id)), interrupted };
}

/** What an agent read is its own word, in any shape: a judge that cannot make sense of it could not tell. */
function ownRuling({ judge }: Check, entry: Case, look: Look): Evidence['own'] {
  if (judge === undefined) return undefined;
  return (last): Ruling => {
    try {
      return judge(entry, last, look);
    } catch (error) {
      const detail = `what was reported makes no sense: ${messageOf(error)}`;
      return { verdict: 'errored', reason: 'too-little', detail };
    }
  };
}

function placeOf(end: { network: string; node: string }): string {
  return `${end.network} ${end.node}`;
}
