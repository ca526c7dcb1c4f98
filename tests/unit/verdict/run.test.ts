import { describe, expect, test } from 'vitest';
import type { Attempt, Case, CaseVerdict, Control, ControlVerdict, Verdict } from '../../../src/model.ts';
import { judgeControl } from '../../../src/verdict/controls.ts';
import { exitCodeOf } from '../../../src/verdict/exit-code.ts';
import { reconcile } from '../../../src/verdict/reconcile.ts';

const end = { cluster: 'c', node: 'a', network: 'pod' as const };
const caseOf = (id: string): Case => ({
  id,
  check: 'tcp',
  path: 'pod-to-pod',
  family: 'v4',
  source: end,
  target: { ...end, name: 'a' },
  locality: 'same-node',
});
const verdictOf = (verdict: Verdict, id = 'x'): CaseVerdict => ({
  case: caseOf(id),
  verdict,
  reason: 'proof',
  sentence: '',
  flaky: false,
  attempts: [],
});
const control: Control = { id: 'k', kind: 'closed-port', check: 'tcp', family: 'v4', source: end };
const controlOf = (state: ControlVerdict['state']): ControlVerdict => ({ control, state, sentence: '' });
const exit = (verdicts: Verdict[], states: ControlVerdict['state'][] = ['held'], more = {}) =>
  exitCodeOf({
    verdicts: verdicts.map((verdict) => verdictOf(verdict)),
    controls: states.map(controlOf),
    problems: [],
    ...more,
  });

describe('exit code', () => {
  test('0 only when something passed and nothing else happened', () => {
    expect(exit(['passed', 'skipped'])).toBe(0);
    expect(exit(['skipped'])).toBe(2);
    expect(exit(['passed'], [])).toBe(0);
  });
  test('1 as soon as a case failed, whatever else could not be told', () => {
    expect(exit(['passed', 'failed', 'errored'])).toBe(1);
    expect(exit(['failed'], ['unobserved'])).toBe(1);
  });
  test('2 when something could not be told', () => {
    expect(exit(['passed', 'errored'])).toBe(2);
    expect(exit(['passed'], ['unobserved'])).toBe(2);
    expect(exit(['passed'], ['held'], { problems: [{ code: 'judge', message: 'm' }] })).toBe(2);
  });
  test('2 when the detector is broken, even if cases failed: a broken detector’s failures prove nothing', () => {
    expect(exit(['failed'], ['broken'])).toBe(2);
  });
  test('2 when interrupted, also before there was a matrix', () => {
    expect(exit(['failed'], ['held'], { interrupted: true })).toBe(2);
    expect(exit([], [], { interrupted: true })).toBe(2);
  });
  test('3 when there is no verdict at all', () => {
    expect(exit([])).toBe(3);
  });
});

describe('reconcile walks the matrix', () => {
  test('an unjudged case is errored', () => {
    const { verdicts, problems } = reconcile([caseOf('x'), caseOf('y')], [verdictOf('passed', 'x')]);
    expect(verdicts).toEqual([
      verdictOf('passed', 'x'),
      {
        case: caseOf('y'),
        ...{ verdict: 'errored', reason: 'not-run', flaky: false, attempts: [] },
        sentence: 'no judge returned a verdict for this case',
      },
    ]);
    expect(problems).toEqual([]);
  });
  test('a second verdict, a foreign one and a doubled case are problems', () => {
    const judged = [verdictOf('passed', 'x'), verdictOf('failed', 'x'), verdictOf('passed', 'z')];
    const { verdicts, problems } = reconcile([caseOf('x'), caseOf('x')], judged);
    expect(verdicts).toHaveLength(2);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['reconcile']));
    expect(problems.map((problem) => problem.message)).toEqual([
      'two verdicts came for "x"',
      'a verdict came for "z", which is not in the matrix',
      'the matrix holds a case twice',
    ]);
  });
});

describe('a control', () => {
  const state = (...attempts: Attempt[]) => judgeControl(control, { case: 'k', attempts }).state;
  test.each(['refused', 'timed-out', 'unreachable', 'prohibited', 'reset', 'wrong-answer'] as const)(
    'holds on %s',
    (outcome) => expect(state({ outcome })).toBe('held'),
  );
  test('breaks when anything answers', () => {
    expect(state({ outcome: 'reached' })).toBe('broken');
    expect(state({ outcome: 'wrong-responder', responder: { node: 'b', pod: 'p', uid: 'u' } })).toBe(
      'broken',
    );
    expect(state({ outcome: 'lossy', sent: 3, received: 1 })).toBe('broken');
  });
  test.each<[string, Attempt | undefined]>([
    ['refused, as it must be', { outcome: 'refused' }],
    ['nobody knows (no report)', undefined],
    ['nobody knows (deadline)', { outcome: 'unobserved', cause: 'deadline' }],
    ['nobody knows (EMFILE)', { outcome: 'unobserved', cause: 'local-fault', detail: 'EMFILE' }],
    ['nobody knows (no report)', { outcome: 'no-address' }],
    ['closed-port (closed-port) was answered, though nobody can be there', { outcome: 'reached' }],
    [
      'closed-port (closed-port) was answered by pod p on b, though nobody can be there',
      { outcome: 'reached', responder: { node: 'b', pod: 'p', uid: 'u' } },
    ],
  ])('says so: %s', (words, attempt) => {
    const observation = attempt === undefined ? undefined : { case: 'k', attempts: [attempt] };
    const { sentence } = judgeControl(control, observation);
    expect(sentence).toBe(`tcp over v4 from pod network of a: ${words}`);
  });
  test('says where it was answered', () => {
    const observation = { case: 'k', attempts: [{ outcome: 'reached' as const }], aimedAt: '10.0.0.9:9' };
    expect(judgeControl(control, observation).sentence).toContain(': 10.0.0.9:9 (closed-port) was answered');
  });
  test('is unobserved without a report', () => {
    expect(judgeControl(control, undefined).state).toBe('unobserved');
    expect(state({ outcome: 'unobserved', cause: 'deadline' })).toBe('unobserved');
  });
});
