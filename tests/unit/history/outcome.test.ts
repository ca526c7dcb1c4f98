import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import { isSameCluster, outcomeLines, parseHead, shortly } from '../../../src/history/outcome.ts';
import { tally } from '../../../src/report/counts.ts';
import { readOutcome } from '../../../src/run/outcome-file.ts';
import { caseOf, control, passed, RESULTS, result, UGLY } from '../report/results.ts';
import { resultsFolder } from './runs.ts';

test.each(Object.entries(RESULTS))('%s is read back as it was written', async (_, run) => {
  const path = join(await resultsFolder(), 'outcome.jsonl');
  await writeFile(path, [...outcomeLines(run, { settings: settings() })].join(''));
  const { cases, run: id, cluster, exitCode } = await readOutcome(path);
  expect({ id, cluster, exitCode }).toEqual({ id: run.run, cluster: run.cluster, exitCode: run.exitCode });
  expect(cases).toEqual(run.verdicts.map(shortly));
});

test('a line separator in a name ends no line', async () => {
  const path = join(await resultsFolder(), 'outcome.jsonl');
  const verdicts = Object.values({ ...UGLY, separators: 'a\u2028b\u2029c\u0085d' }).map((name) =>
    passed(caseOf(name, name)),
  );
  await writeFile(path, [...outcomeLines(result({ verdicts }), {})].join(''));
  expect((await readOutcome(path)).cases).toEqual(verdicts.map(shortly));
});

test.each([
  ['nothing was judged', result({ exitCode: 3 })],
  ['it was interrupted', result({ ...green(), problems: [{ code: 'interrupted', message: 'x' }] })],
  [
    'a control broke, so its verdicts prove nothing',
    result({ ...green(), controls: [control('node-1', 'broken')] }),
  ],
  [undefined, result(green())],
])('unfit to be compared with: %s', (unfit, run) => {
  const [head = ''] = [...outcomeLines(run, {})];
  expect((JSON.parse(head) as { unfit?: string }).unfit).toBe(unfit);
});

test.each(Object.entries(RESULTS))('%s: its first line counts what the others say', (_, run) => {
  const [head = ''] = [...outcomeLines(run, {})];
  const { expected: _expected, executed: _executed, ...counts } = tally(run.verdicts);
  expect(parseHead(head)).toMatchObject({ seconds: run.seconds, counts });
});

test('a first line without counts, as it was before there were any, is read', () => {
  const [head = ''] = [...outcomeLines(result(green()), {})];
  const { counts: _, seconds: _seconds, ...before } = JSON.parse(head) as Record<string, unknown>;
  expect(parseHead(JSON.stringify(before))).toMatchObject({ count: 1, exitCode: 0 });
});

test('one cluster: any Node in common, in either order; none is none', () => {
  const uids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
  fc.assert(
    fc.property(uids, uids, (one, other) => {
      expect(isSameCluster(one, other)).toBe(one.some((uid) => other.includes(uid)));
      expect(isSameCluster(one, other)).toBe(isSameCluster(other, one));
    }),
  );
});

function green() {
  return { verdicts: [passed(caseOf('a', 'b'))] };
}
