// The verdict law (design, section 1) over generated runs: whatever was observed, in whatever order, and whatever was not.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judged } from '../../../fixtures/recordings/judged.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checks } from '../../../src/checks/registry.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Attempt, Batch, Cause, JournalEntry, Outcome, Probe, RunResult } from '../../../src/model.ts';
import { planRun } from '../../../src/plan/plan.ts';
import type { RecordedRun } from '../../../src/run/recording.ts';
import { exitCodeOf } from '../../../src/verdict/exit-code.ts';
import { reconcile } from '../../../src/verdict/reconcile.ts';

const OUTCOMES: Outcome[] = [
  ...(['reached', 'refused', 'timed-out', 'unreachable', 'prohibited', 'reset', 'wrong-responder'] as const),
  ...(['wrong-answer', 'lossy', 'no-address', 'unobserved'] as const),
];
const CAUSES: Cause[] = ['local-fault', 'deadline', 'probe-crashed'];

const topology = dualStack(2);
const chosen = settings((draft) => {
  draft.only = ['tcp', 'udp', 'icmp'];
});
const cases = expandMatrix(checks, topology, chosen).map((entry, index) =>
  index % 11 === 0 ? { ...entry, skip: 'a rule' } : entry,
);
const plan = planRun('generated', cases, checks, topology, chosen);
const probes = plan.batches.flatMap(({ rounds }) => rounds.flatMap((round) => round.probes));
const probeOf = new Map(probes.map((probe) => [probe.case, probe]));

/** Mostly what a good network gives, so that some runs are green. */
function attemptAt(probe: Probe): fc.Arbitrary<Attempt> {
  const isControl = probe.case.startsWith('control/');
  const uids = [...topology.agents.map(({ uid }) => uid), 'uid-of-nobody'];
  const responder = fc.constantFrom(...uids).map((uid) => ({ node: 'n', pod: 'p', uid }));
  const [own] = probe.expect;
  const good: Attempt = isControl
    ? { outcome: 'refused' }
    : {
        outcome: 'reached',
        ...{ sent: 3, received: 3, rttMs: 1 },
        ...(own === undefined ? {} : { responder: { node: 'n', pod: 'p', uid: own } }),
      };
  const any = fc.record(
    {
      outcome: fc.constantFrom(...OUTCOMES),
      cause: fc.constantFrom(...CAUSES),
      responder,
      sent: fc.nat(5),
      received: fc.nat(5),
      mark: fc.constant('m'),
      detail: fc.constant('d'),
    },
    { requiredKeys: ['outcome'] },
  );
  return fc.oneof({ weight: 60, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: any });
}

const seen = fc
  .tuple(
    ...probes.map((probe) =>
      fc.array(attemptAt(probe), { minLength: 1, maxLength: 2 }).map((attempts) => ({
        type: 'observation' as const,
        observation: { case: probe.case, attempts },
      })),
    ),
  )
  .chain((all) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(all) },
      { weight: 1, arbitrary: fc.nat(all.length).map((lost) => all.toSpliced(lost, 3)) },
      { weight: 1, arbitrary: fc.subarray(all) },
    ),
  );
const ends = fc.subarray(
  plan.batches.map(({ source }: Batch): JournalEntry => ({ type: 'batch-ended', source, complete: true })),
);
const after = fc.constantFrom<JournalEntry[]>(
  [],
  [{ type: 'agents-after', agents: topology.agents }],
  [{ type: 'agents-after', agents: topology.agents.slice(1) }],
);
const stop = fc.oneof(
  { weight: 5, arbitrary: fc.constant<JournalEntry[]>([]) },
  { weight: 1, arbitrary: fc.constant<JournalEntry[]>([{ type: 'interrupted', signal: 'SIGTERM' }]) },
);
const journals = fc
  .tuple(seen, ends, after, stop)
  .map(([observed, ended, last, cut]): JournalEntry[] => [...observed, ...ended, ...last, ...cut]);

function recorded(journal: JournalEntry[]): RecordedRun {
  return {
    header: {
      ...{
        schema: 1,
        run: 'generated',
        tool: '0',
        started: '2026-11-20T09:00:00.000Z',
        cluster: 'c',
        version: 'v',
      },
      ...{ settings: chosen, topology, problems: [] },
    },
    cases,
    journal,
    resumes: [],
  };
}

/** As the law has it, written anew: by hand, from the journal alone. */
function lastOf(journal: JournalEntry[], id: string): Attempt | undefined {
  for (const entry of journal) {
    if (entry.type === 'observation' && entry.observation.case === id)
      return entry.observation.attempts.at(-1);
  }
  return undefined;
}

function isProven(probe: Probe | undefined, last: Attempt | undefined): boolean {
  if (probe === undefined || last?.outcome !== 'reached') return false;
  if (probe.expect.length === 0) return (last.received ?? 0) > 0;
  return probe.expect.some((uid) => uid === last.responder?.uid);
}

function exitByLaw({ verdicts, controls }: RunResult, interrupted: boolean): number {
  const has = (word: string) => verdicts.some(({ verdict }) => verdict === word);
  if (interrupted || controls.some(({ state }) => state === 'broken')) return 2;
  if (has('failed')) return 1;
  return has('errored') || controls.some(({ state }) => state !== 'held') ? 2 : 0;
}

test('every case has one verdict, a pass has its proof, a failure its attempt, and the exit code follows', () => {
  const exits = new Set<number>();
  const words = new Set<string>();
  fc.assert(
    fc.property(journals, (journal) => {
      const result = judged(recorded(journal));
      exits.add(result.exitCode);
      // Law 4: executed + skipped = expected, by id and not by count alone.
      expect(result.verdicts.map((one) => one.case.id)).toEqual(cases.map(({ id }) => id));
      for (const { case: entry, verdict, reason, sentence, flaky } of result.verdicts) {
        words.add(verdict);
        const last = lastOf(journal, entry.id);
        const proven = isProven(probeOf.get(entry.id), last);
        expect(verdict === 'skipped').toBe(entry.skip !== undefined);
        // Law 2, both ways round.
        expect([entry.id, verdict === 'passed']).toEqual([entry.id, entry.skip === undefined && proven]);
        expect(reason === 'proof').toBe(verdict === 'passed');
        // Law 3: what was not observed is no news about the network.
        if (verdict === 'failed') expect(last?.outcome ?? 'unobserved').not.toBe('unobserved');
        if (flaky) expect(verdict).toBe('passed');
        expect(sentence).not.toMatch(/undefined|\[object/);
      }
      // Law 5.
      expect(result.controls.map(({ control }) => control.id).sort()).toEqual(
        plan.controls.map(({ id }) => id).sort(),
      );
      for (const { control, state } of result.controls) {
        const last = lastOf(journal, control.id);
        if (state === 'held')
          expect(['reached', 'unobserved', 'no-address', undefined]).not.toContain(last?.outcome);
        if (last?.outcome === 'reached') expect(state).toBe('broken');
      }
      // Law 8.
      expect(result.exitCode).toBe(
        exitByLaw(
          result,
          journal.some(({ type }) => type === 'interrupted'),
        ),
      );
    }),
    { numRuns: 150 },
  );
  // Else the property would have held for want of anything to hold for.
  expect([...words].sort()).toEqual(['errored', 'failed', 'passed', 'skipped']);
  expect(exits).toContain(1);
  expect(exits).toContain(2);
});

test('exit code 0 is only what is green in all its parts', () => {
  const verdict = fc.constantFrom('passed', 'failed', 'errored', 'skipped');
  const state = fc.constantFrom('held', 'broken', 'unobserved');
  const run = fc.record({
    verdicts: fc.array(verdict.map((word) => ({ verdict: word }))),
    controls: fc.array(state.map((word) => ({ state: word }))),
    problems: fc.array(fc.constant({ code: 'c', message: 'm' }), { maxLength: 1 }),
    interrupted: fc.boolean(),
  });
  fc.assert(
    fc.property(run, (made) => {
      const code = exitCodeOf(made as never);
      const green =
        !made.interrupted &&
        made.problems.length === 0 &&
        made.controls.every((one) => one.state === 'held') &&
        made.verdicts.every((one) => one.verdict === 'passed' || one.verdict === 'skipped') &&
        made.verdicts.some((one) => one.verdict === 'passed');
      expect(code === 0).toBe(green);
      if (code === 1) expect(made.verdicts.map((one) => one.verdict)).toContain('failed');
      if (code === 3) expect(made.verdicts).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('whatever the judges return, each expected case gets one verdict and no other does', () => {
  const ids = fc.constantFrom<string>('a', 'b', 'c', 'd');
  const [some] = cases;
  fc.assert(
    fc.property(fc.array(ids), fc.array(ids), (expected, returned) => {
      const entries = expected.map((id) => ({ ...some, id })) as typeof cases;
      const returnedFor = returned.map((id) => ({ case: { id }, verdict: 'passed' })) as never;
      const { verdicts, problems } = reconcile(entries, returnedFor);
      expect(verdicts.map((one) => one.case.id)).toEqual(expected);
      for (const one of verdicts) expect(one.verdict === 'passed').toBe(returned.includes(one.case.id));
      const whole = new Set(expected).size === expected.length && new Set(returned).size === returned.length;
      expect(problems.length === 0).toBe(whole && returned.every((id) => expected.includes(id)));
    }),
  );
});
