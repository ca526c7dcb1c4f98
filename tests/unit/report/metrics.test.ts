import { expect, test } from 'vitest';
import type { RunResult } from '../../../src/model.ts';
import { tally } from '../../../src/report/counts.ts';
import { legible } from '../../../src/report/legible.ts';
import { metricsText } from '../../../src/report/metrics.ts';
import { expectGolden } from './golden.ts';
import { familiesIn, type MetricFamily } from './prometheus.ts';
import { allPairs, caseOf, failed, passed, RESULTS, result } from './results.ts';

const familiesOf = async (run: RunResult) => familiesIn(await metricsText(run));

/** The value of the one sample with these labels. */
function valueIn(families: Map<string, MetricFamily>, name: string, labels: Record<string, string> = {}) {
  const { metrics = [] } = families.get(`netaccept_${name}`) ?? {};
  const fits = (found: Record<string, string> = {}) =>
    Object.entries(labels).every(([key, value]) => found[key] === value);
  const [only, ...more] = metrics.filter((metric) => fits(metric.labels));
  expect(more).toEqual([]);
  return only === undefined ? undefined : Number(only.value);
}

test('it is the golden text, with ugly names', async () => {
  await expectGolden('ugly-names.prom', await metricsText(RESULTS['ugly-names']));
});

test.each(Object.entries(RESULTS))(
  '%s: a parser reads it, and gets every case and name back',
  async (_, run) => {
    const families = await familiesOf(run);
    for (const { help, type } of families.values())
      expect([help, type]).toEqual([expect.stringMatching(/./), 'GAUGE']);
    expect(valueIn(families, 'exit_code')).toBe(run.exitCode);
    const cases = families.get('netaccept_cases')?.metrics ?? [];
    const byVerdict = (verdict: string) =>
      cases
        .filter(({ labels }) => labels?.verdict === verdict)
        .reduce((sum, { value }) => sum + Number(value), 0);
    const { passed: green, failed: red, errored, skipped } = tally(run.verdicts);
    expect(['passed', 'failed', 'errored', 'skipped'].map(byVerdict)).toEqual([green, red, errored, skipped]);
    const sources = new Set(run.verdicts.map((entry) => legible(entry.case.source.node)));
    const named = (families.get('netaccept_node_cases')?.metrics ?? []).map(
      ({ labels }) => labels?.node ?? '',
    );
    for (const node of named) expect(sources).toContain(node);
  },
);

test('it says what came of the run', async () => {
  const families = await familiesOf(RESULTS['one-way-fault']);
  expect(valueIn(families, 'exit_code')).toBe(1);
  expect(valueIn(families, 'cases', { check: 'tcp', path: 'pod-to-pod', verdict: 'failed' })).toBe(2);
  expect(valueIn(families, 'node_cases', { node: 'worker-2', side: 'target', verdict: 'failed' })).toBe(4);
  expect(valueIn(families, 'findings', { kind: 'one-way' })).toBe(1);
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
  const families = await familiesOf(result({ verdicts }));
  expect(valueIn(families, 'node_rtt_p95_seconds', { node: 'a' })).toBe(0.008);
  expect(valueIn(families, 'node_loss_ratio', { node: 'a' })).toBe(0.3);
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
  const names = ['newly_broken', 'still_broken', 'fixed', 'newly_flaky', 'slower'];
  const families = await familiesOf(result({ comparison }));
  expect(names.map((name) => valueIn(families, `${name}_cases`, {}))).toEqual([2, 1, 3, 0, 1]);
  const alone = await familiesOf(result({}));
  expect(names.filter((name) => alone.has(`netaccept_${name}_cases`))).toEqual([]);
});

test('as many pairs as a hundred Nodes have are measured without a limit of the language', async () => {
  const measured = { rttMs: { min: 1, p50: 1, p95: 2, max: 3 }, lossPercent: 1 };
  const one = { ...passed(caseOf('a', 'b')), measured };
  const families = await familiesOf(result({ verdicts: Array.from({ length: 200_000 }, () => one) }));
  expect(valueIn(families, 'node_rtt_p95_seconds', { node: 'a' })).toBe(0.002);
});

test('a hundred Nodes have a few series each, not one per pair', async () => {
  const series = async (count: number) => {
    const nodes = Array.from({ length: count }, (_, index) => `n${index}`);
    const verdicts = allPairs(nodes, (entry) => (entry.target.node === 'n1' ? failed(entry) : passed(entry)));
    const families = await familiesOf(result({ nodes, verdicts }));
    return [...families.values()].reduce((sum, { metrics }) => sum + metrics.length, 0);
  };
  const [few, many] = [await series(10), await series(100)];
  // Per Node: passed and failed as a source, passed as a target.
  expect(many - few).toBe(3 * 90);
  expect(many).toBeLessThan(5 * 100);
});
