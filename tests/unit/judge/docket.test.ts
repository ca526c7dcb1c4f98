// A run and its resumes put together, and the result that comes of it: in this process, from plain values.
import { describe, expect, test } from 'vitest';
import { judged, resultOfAll } from '../../../fixtures/recordings/judged.ts';
import { healthy } from '../../../fixtures/recordings/recorded.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checks } from '../../../src/checks/registry.ts';
import { selectionOf } from '../../../src/history/selection.ts';
import { docketOf } from '../../../src/judge/docket.ts';
import { resultOf } from '../../../src/judge/verdict-of-run.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Attempt, Case, JournalEntry, Probe, Settings } from '../../../src/model.ts';
import { planRun } from '../../../src/plan/plan.ts';
import type { RecordedRun, Recording, RunHeader } from '../../../src/run/recording.ts';

const A = 'pod-to-pod/tcp/v4 node-1 → node-2';
const B = 'pod-to-pod/tcp/v4 node-2 → node-1';

function recording(
  answer: (probe: Probe) => Attempt | undefined,
  more: Partial<RunHeader> = {},
  only: (entry: Case) => boolean = () => true,
  extra: JournalEntry[] = [],
): Recording {
  const topology = dualStack(2);
  const chosen = settings((draft) => {
    draft.only = ['tcp'];
  });
  const cases = expandMatrix(checks, topology, chosen).filter(only);
  const { batches } = planRun('r', cases, checks, topology, chosen);
  const probes = batches.flatMap(({ rounds }) => rounds.flatMap((round) => round.probes));
  const journal = probes.flatMap((probe): JournalEntry[] => {
    const attempt = answer(probe);
    return attempt === undefined
      ? []
      : [{ type: 'observation', observation: { case: probe.case, attempts: [attempt] } }];
  });
  return {
    header: {
      ...{ schema: 1, run: 'r', tool: '0', started: '2026-11-20T09:00:00.000Z', cluster: 'c', version: 'v1' },
      ...{ settings: chosen, topology, problems: [], ...more },
    },
    cases,
    journal: [...journal, ...extra],
  };
}
const run = (first: Recording, ...resumes: Recording[]): RecordedRun => ({ ...first, resumes });
const except =
  (...ids: string[]) =>
  (probe: Probe): Attempt =>
    ids.includes(probe.case) ? { outcome: 'timed-out' } : healthy(probe);
const among =
  (...ids: string[]) =>
  (entry: Case) =>
    ids.includes(entry.id);
const found = (part: Partial<RunHeader['resumes']> = {}) => ({
  resumes: { run: 'r', gone: [], replaced: [], ...part },
});
const verdictsOf = (recorded: RecordedRun) =>
  new Map(judged(recorded).verdicts.map((one) => [one.case.id, one.verdict]));
const controlIn = (probe: Probe) => probe.case.startsWith('control/') && probe.case.endsWith('pod node-1');

describe('a case is judged by the last sitting that ran it', () => {
  test('and by the first where no other did', () => {
    const after = verdictsOf(run(recording(except(A, B)), recording(healthy, found(), among(A))));
    expect([after.get(A), after.get(B)]).toEqual(['passed', 'failed']);
    expect(after.size).toBe(recording(healthy).cases.length);
  });

  test('also where it is worse, and where nothing was seen any more', () => {
    const worse = verdictsOf(run(recording(healthy), recording(except(A), found(), among(A, B))));
    expect([worse.get(A), worse.get(B)]).toEqual(['failed', 'passed']);
    expect(
      verdictsOf(
        run(
          recording(healthy),
          recording(() => undefined, found(), among(A)),
        ),
      ).get(A),
    ).toBe('errored');
  });

  test('a control too, and the controls of both are kept', () => {
    const broken = (probe: Probe): Attempt => (controlIn(probe) ? { outcome: 'reached' } : healthy(probe));
    const states = (recorded: RecordedRun) => judged(recorded).controls.map(({ state }) => state);
    const first = docketOf(run(recording(healthy)));
    expect(
      new Set(states(run(recording(broken), recording(healthy, found(), among(A, A.replace('v4', 'v6')))))),
    ).toEqual(new Set(['held']));
    expect(states(run(recording(healthy), recording(broken, found(), among(A))))).toContain('broken');
    // From node-2 nothing was asked again: its controls are the first sitting's.
    const both = docketOf(run(recording(healthy), recording(healthy, found(), among(A))));
    expect(both.controls.map(({ id }) => id)).toEqual(first.controls.map(({ id }) => id).sort());
  });

  test('in the bytewise order of the ids, whoever ran them', () => {
    const { cases } = docketOf(
      run(
        recording(healthy, {}, (entry) => entry.id !== A),
        recording(healthy, found(), among(A)),
      ),
    );
    const ids = cases.map(({ id }) => id);
    expect(ids).toContain(A);
    expect(ids).toEqual([...ids].sort());
  });
});

describe('what a resume found changed', () => {
  test('gone is errored, whatever it was, until it is run again', () => {
    const gone = recording(healthy, found({ gone: [A] }), among(B));
    const [verdict] = judged(run(recording(healthy), gone)).verdicts.filter((one) => one.case.id === A);
    expect(verdict).toEqual({
      case: expect.objectContaining({ id: A }),
      ...{ verdict: 'errored', reason: 'target-gone', flaky: false, attempts: [] },
      sentence: 'node-1 → node-2: no longer part of the cluster when the run was resumed',
    });
    expect(verdictsOf(run(recording(healthy), gone, recording(healthy, found(), among(A)))).get(A)).toBe(
      'passed',
    );
  });

  test('replaced is no longer expected, unless it comes back', () => {
    const replaced = recording(healthy, found({ replaced: [A] }), among(B));
    expect(verdictsOf(run(recording(healthy), replaced)).has(A)).toBe(false);
    expect(verdictsOf(run(recording(healthy), replaced, recording(healthy, found(), among(A)))).get(A)).toBe(
      'passed',
    );
  });
});

describe('a run that could not be set up', () => {
  const problems = [{ code: 'no-cluster', message: 'no cluster is configured' }];
  // As it is read from a file: what is not known is not there.
  const dead = (): Recording => {
    const { settings: _settings, topology: _topology, ...header } = recording(healthy, { problems }).header;
    return { header, cases: [], journal: [] };
  };

  test('has nothing to judge, and its problem', () => {
    const docket = docketOf(run(dead()));
    expect(docket).toMatchObject({ cases: [], controls: [], bench: undefined, problems, sittings: [] });
    expect(resultOfAll(docket)).toMatchObject({
      ...{
        exitCode: 3,
        problems,
        verdicts: [],
        controls: [],
        families: [],
        nodes: [],
        excluded: [],
        notes: [],
      },
      seconds: 0,
    });
  });

  test('as a resume changes no verdict, but its problem stands', () => {
    const result = judged(run(recording(except(A)), dead()));
    expect(result.problems).toEqual(problems);
    expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed').map((one) => one.case.id)).toEqual([
      A,
    ]);
    expect(result.resumes).toEqual([
      { started: '2026-11-20T09:00:00.000Z', seconds: 0, cases: 0, passed: 0 },
    ]);
  });

  test('without its settings, or without its topology, is not judged either', () => {
    const { settings: _settings, ...bare } = recording(healthy).header;
    expect(docketOf(run({ header: bare, cases: [], journal: [] })).bench).toBeUndefined();
    const { topology: _topology, ...rest } = recording(healthy).header;
    expect(docketOf(run({ header: rest, cases: [], journal: [] })).bench).toBeUndefined();
  });
});

describe('the result', () => {
  test('is of the first sitting in what it is about, of the last in what stood in its way', () => {
    const resume = recording(
      except(B),
      { ...found(), started: '2026-11-20T10:00:00.000Z', seconds: 7 },
      among(A, B),
    );
    const first = recording(except(A, B), { seconds: 5, problems: [{ code: 'old', message: 'over' }] });
    const result = judged(run(first, resume));
    expect(result).toMatchObject({
      ...{ run: 'r', cluster: 'c', version: 'v1', started: '2026-11-20T09:00:00.000Z', seconds: 5 },
      ...{ families: ['v4', 'v6'], nodes: ['node-1', 'node-2'], excluded: [], problems: [], exitCode: 1 },
      resumes: [{ started: '2026-11-20T10:00:00.000Z', seconds: 7, cases: 2, passed: 1 }],
    });
    expect(Object.keys(result.proofs ?? {})).toEqual(checks.map(({ name }) => name));
    expect(result).not.toHaveProperty('comparison');
    expect(
      result.diagnosis.findings.flatMap(({ cases }) => cases).concat(result.diagnosis.unexplained),
    ).toEqual([B]);
  });

  test('notes are of the last sitting', () => {
    const cordoned = dualStack(2);
    Object.assign(cordoned.nodes[0] ?? {}, { schedulable: false });
    const notes = ['Node node-1 is cordoned'];
    expect(judged(run(recording(healthy, { topology: cordoned }))).notes).toEqual(notes);
    expect(
      judged(run(recording(healthy, { topology: cordoned }), recording(healthy, found(), among(A)))).notes,
    ).toEqual([]);
    const after: JournalEntry = { type: 'nodes-after', nodes: cordoned.nodes };
    expect(judged(run(recording(healthy, {}, undefined, [after]))).notes).toEqual([
      `${notes[0]} (since the run began)`,
    ]);
  });

  test('an interruption is the last sitting’s, and makes it 2', () => {
    const stop: JournalEntry = { type: 'interrupted', signal: 'SIGTERM' };
    const cut = recording(except(A), {}, undefined, [stop]);
    expect(judged(run(cut))).toMatchObject({
      problems: [{ code: 'interrupted', message: 'interrupted by SIGTERM' }],
      exitCode: 2,
    });
    const mended = recording(healthy, found(), among(A));
    expect(judged(run(cut, mended))).toMatchObject({ problems: [], exitCode: 0 });
    const cutAgain = recording(healthy, found(), among(A), [stop]);
    expect(judged(run(cut, mended, cutAgain)).exitCode).toBe(2);
    expect(judged(run(cut, cutAgain, mended)).exitCode).toBe(0);
  });

  test('a run without a case is no green run', () => {
    expect(judged(run(recording(healthy, {}, () => false)))).toMatchObject({
      exitCode: 3,
      problems: [
        {
          code: 'empty-matrix',
          message: expect.stringContaining('leaves no case'),
          hint: expect.stringContaining('--only'),
        },
      ],
    });
  });

  test('what no judge returned is errored, and an unjudged control unobserved', () => {
    const docket = docketOf(run(recording(healthy)));
    const { verdicts, controls, exitCode, problems } = resultOf(docket, {
      ...{ cases: [], controls: [] },
      problems: [{ code: 'judge', message: 'it crashed' }],
    });
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['errored']));
    expect(controls.length).toBeGreaterThan(0);
    for (const { control, state, sentence } of controls) {
      expect([state, sentence]).toEqual(['unobserved', `${control.id}: no judge returned a verdict`]);
    }
    expect([exitCode, problems]).toEqual([2, [{ code: 'judge', message: 'it crashed' }]]);
  });

  test('each control has its own verdict', () => {
    const answered = (probe: Probe): Attempt => (controlIn(probe) ? { outcome: 'reached' } : healthy(probe));
    const { controls } = judged(run(recording(answered)));
    for (const { control, state } of controls) {
      expect([control.id, state]).toEqual([
        control.id,
        control.id.endsWith('pod node-1') ? 'broken' : 'held',
      ]);
    }
  });

  test('beside the run before it, where there is one', () => {
    const baseline = {
      run: 'before',
      started: '2026-11-19T09:00:00.000Z',
      cases: [],
      selection: selectionOf(recording(healthy).header.settings as Settings),
    } as never;
    const result = judged({ ...run(recording(except(A))), baseline });
    expect(result.comparison).toMatchObject({ against: { run: 'before' } });
    expect(result.comparison).not.toHaveProperty('otherSelection');
  });

  test('findings know the zones', () => {
    const zoned = dualStack(4);
    for (const [index, node] of zoned.nodes.entries())
      Object.assign(node, { zone: index < 2 ? 'east' : 'west' });
    const docket = docketOf(run(recording(healthy, { topology: zoned })));
    const east = new Set(['node-1', 'node-2']);
    const cases = expandMatrix(
      checks,
      zoned,
      settings((draft) => {
        draft.only = ['tcp', 'pod-to-pod'];
      }),
    );
    const verdicts = cases.map((entry) => {
      const crosses = east.has(entry.source.node) !== east.has(entry.target.node ?? '');
      const verdict = crosses ? ('failed' as const) : ('passed' as const);
      return {
        case: entry,
        verdict,
        reason: crosses ? 'timed-out' : 'proof',
        sentence: '',
        flaky: false,
        attempts: [],
      } as never;
    });
    const { diagnosis } = resultOf({ ...docket, cases }, { cases: verdicts, controls: [], problems: [] });
    expect(diagnosis.findings.map(({ kind }) => kind)).toContain('zones');
  });
});
