import { expect, test } from 'vitest';
import { type SoakRun, seenIn, turnOf } from '../../../ci/soak/run.ts';
import { closingTable, isGreen, lineOf } from '../../../ci/soak/table.ts';
import type { CaseVerdict, RunResult } from '../../../src/model.ts';
import { caseOf, control, errored, failed, passed, result } from '../report/results.ts';

const [one, two] = [caseOf('node-1', 'node-2'), caseOf('node-2', 'node-1')];
const green = result({ verdicts: [passed(one), passed(two)] });

function run(
  seen: RunResult | undefined,
  exitCode: number | undefined,
  change: Partial<SoakRun> = {},
): SoakRun {
  const around = { dir: '', seconds: 33, load: [1, 2] as [number, number] };
  return { ...turnOf(1, 2), ...seenIn(seen, exitCode), ...around, ...change };
}

test('all passed, every control held, exit code 0: green', () => {
  expect(isGreen(run(green, 0))).toBe(true);
  expect(lineOf(run(green, 0))).toMatch(/ 2 +0 +0 +0 .* green$/);
});

test.each<[string, CaseVerdict, RegExp]>([
  [
    'a failed case',
    failed(two),
    /^failed: pod-to-pod\/tcp\/v4 node-2 → node-1: no answer .*\n {4}attempt \{"outcome":"timed-out"\}\n/,
  ],
  ['an errored case', errored(two), /^errored: pod-to-pod\/tcp\/v4 node-2 → node-1/],
  [
    'a flaky case',
    passed(two, { outcome: 'timed-out' }),
    /^flaky: pod-to-pod\/tcp\/v4 node-2 → node-1.*\n {4}attempt \{"outcome":"timed-out"\}\n/,
  ],
])('%s is not green, and is told with its attempts', (_, entry, sentence) => {
  const seen = run(result({ verdicts: [passed(one), entry] }), 0);
  expect([isGreen(seen), lineOf(seen).endsWith('NOT GREEN')]).toEqual([false, true]);
  expect(seen.trouble).toHaveLength(1);
  expect(seen.trouble[0]).toMatch(sentence);
});

test.each<[string, RunResult | undefined, number | undefined, string]>([
  [
    'a control that was answered',
    { ...green, controls: [control('node-1', 'broken')] },
    0,
    'control broken: ',
  ],
  [
    'a control of which nobody knows',
    { ...green, controls: [control('node-1', 'unobserved')] },
    0,
    'control unobserved: ',
  ],
  [
    'a problem beside the cases',
    { ...green, problems: [{ code: 'lock-lost', message: 'lost' }] },
    0,
    'problem lock-lost: lost',
  ],
  ['another exit code over a green report', green, 2, 'exit code 2'],
  ['no case at all', result({ verdicts: [] }), 0, 'no case passed'],
  ['no report at all', undefined, undefined, 'no case passed'],
])('%s is not green', (_, seen, exitCode, sentence) => {
  expect(run(seen, exitCode).trouble[0]).toContain(sentence);
});

test('half of the runs burn, half keep their agents, and either half meets new and kept ones', () => {
  const turns = Array.from({ length: 50 }, (_, at) => turnOf(at + 1, 2));
  const kinds = Map.groupBy(turns.slice(1), ({ kept, burners }) => `${kept} ${burners}`);
  expect([...kinds.values()].map(({ length }) => length)).toEqual([13, 12, 12, 12]);
  for (const [at, turn] of turns.entries()) expect(turn.kept).toBe(turns[at - 1]?.keep ?? false);
});

test('the closing table has both halves, and says where runs are missing', () => {
  const runs = [run(green, 0), run(result({ verdicts: [passed(one), failed(two)] }), 1, { burners: 2 })];
  const [, without, beside, all, missing] = closingTable(runs, 50).split('\n');
  expect(without).toMatch(/^without burners +1 +1 +2 +0 /);
  expect(beside).toMatch(/^beside burners +1 +0 +2 +1 /);
  expect(all).toMatch(/^all +2 +1 +4 +1 /);
  expect(missing).toBe('only 2 of 50 runs were made');
});
