// A whole run of one check without a network: its matrix, plan and verdicts, with attempts that the test makes up.
import type { Check } from '../../../src/checks/shared/check.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type {
  Agent,
  Attempt,
  CaseVerdict,
  JournalEntry,
  Probe,
  Settings,
  Topology,
} from '../../../src/model.ts';
import { planRun } from '../../../src/plan/plan.ts';
import { benchFor } from '../../../src/verdict/judge-recording.ts';

export interface JudgedRun {
  topology: Topology;
  settings: Settings;
  /** Undefined: the agent never reports on it. */
  answer: (probe: Probe, source: Agent) => Attempt | undefined;
  agentsAfter?: readonly Agent[];
}

/** Verdicts by id. */
export function judgedBy(
  check: Check,
  { topology, settings, answer, agentsAfter }: JudgedRun,
): Map<string, CaseVerdict> {
  const cases = expandMatrix([check], topology, settings);
  const plan = planRun('run', cases, [check], topology, settings);
  const journal: JournalEntry[] = plan.unsent.map((observation) => ({ type: 'observation', observation }));
  for (const { source, rounds } of plan.batches) {
    const agent = topology.agents.find(({ uid }) => uid === source.uid);
    for (const probe of rounds.flatMap(({ probes }) => probes)) {
      const attempt = agent === undefined ? undefined : answer(probe, agent);
      if (attempt !== undefined)
        journal.push({ type: 'observation', observation: { case: probe.case, attempts: [attempt] } });
    }
    journal.push({ type: 'batch-ended', source, complete: true });
  }
  journal.push({ type: 'agents-after', agents: [...(agentsAfter ?? topology.agents)] });
  const bench = benchFor({ journal, cases }, topology, settings, [check]);
  return new Map(cases.map((entry) => [entry.id, bench.judge(entry)]));
}
