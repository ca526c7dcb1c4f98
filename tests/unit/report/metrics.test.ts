import { expect, test } from 'vitest';
import { metricsText } from '../../../src/report/metrics.ts';
import { allPairs, caseOf, failed, passed, RESULTS, result } from './results.ts';

/** The text format's own grammar: a name, labels in quotes with \\, \" and \n escaped, a number. */
const SAMPLE =
  /^netaccept_[a-z0-9_]+(\{[a-z_]+="([^"\\\n]|\\[\\"n])*"(,[a-z_]+="([^"\\\n]|\\[\\"n])*")*\})? -?[0-9.e+-]+$/;

const samples = async (run: Parameters<typeof metricsText>[0]) =>
  (await metricsText(run)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test.each(Object.entries(RESULTS))('%s is valid Prometheus text', async (_, run) => {
  for (const line of await samples(run)) expect(line).toMatch(SAMPLE);
});

test('it says what came of the run', async () => {
  const lines = await samples(RESULTS['one-way-fault']);
  expect(lines).toContain('netaccept_exit_code 1');
  expect(lines).toContain('netaccept_cases{check="tcp",path="pod-to-pod",verdict="failed"} 2');
  expect(lines).toContain('netaccept_node_cases{node="worker-2",side="target",verdict="failed"} 4');
  expect(lines).toContain('netaccept_findings{kind="one-way"} 1');
});

test('what was measured is told per Node, the worst of it', async () => {
  const measured = (p95: number, lossPercent: number) => ({
    rttMs: { min: 1, p50: 1, p95, max: 9 },
    lossPercent,
  });
  const verdicts = [
    { ...passed(caseOf('a', 'b')), measured: measured(2, 0) },
    { ...failed(caseOf('a', 'c')), measured: measured(8, 30) },
  ];
  const lines = await samples(result({ verdicts }));
  expect(lines).toContain('netaccept_node_rtt_p95_seconds{node="a"} 0.008');
  expect(lines).toContain('netaccept_node_loss_ratio{node="a"} 0.3');
});

test('what became of the cases since the previous run, in five figures; without one, none', async () => {
  const against = { run: 'before', started: '2026-11-19T09:00:00.000Z', exitCode: 1 };
  const slower = [{ id: 'g', beforeMs: 1, afterMs: 9 }];
  const lists = {
    newlyBroken: ['a', 'b'],
    stillBroken: ['c'],
    fixed: ['d', 'e', 'f'],
    newlyFlaky: [],
    slower,
  };
  const comparison = { against, ...lists, added: ['x'], gone: [] };
  const since = (lines: string[]) => lines.filter((line) => /broken|fixed|newly|slower/.test(line));
  expect(since(await samples(result({ comparison })))).toEqual([
    'netaccept_newly_broken_cases 2',
    'netaccept_still_broken_cases 1',
    'netaccept_fixed_cases 3',
    'netaccept_newly_flaky_cases 0',
    'netaccept_slower_cases 1',
  ]);
  expect(since(await samples(result({})))).toEqual([]);
});

test('the number of series grows with the Nodes, not with their pairs', async () => {
  const series = async (count: number) => {
    const nodes = Array.from({ length: count }, (_, index) => `n${index}`);
    return (await samples(result({ nodes, verdicts: allPairs(nodes, passed) }))).length;
  };
  const [small, large] = [await series(4), await series(16)];
  expect(large - small).toBe(2 * 12);
});
