// The run itself: could it be set up, did every negative control hold, was the whole matrix answered for.
import { expect, test } from 'vitest';
import { docket } from './run-folder.ts';

const { problems, cases, controls, bench } = await docket();

test('the run could be set up', () => {
  expect(problems.map((problem) => problem.message)).toEqual([]);
  expect(bench, 'a run without a topology has nothing to judge').toBeDefined();
});

test('the matrix is not empty', () => {
  expect(cases.length).toBeGreaterThan(0);
});

for (const control of controls) {
  test(control.id, ({ task }) => {
    const verdict = bench?.judgeControl(control);
    if (verdict === undefined) throw new Error('a control without a run');
    task.meta.netaccept = { kind: 'control', verdict };
    expect(verdict.state, verdict.sentence).toBe('held');
  });
}
