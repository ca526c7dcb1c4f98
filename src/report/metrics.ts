import { Gauge, Registry } from 'prom-client';
import type { CaseVerdict, Comparison, RunResult } from '../model.ts';
import { sortedBy } from '../order.ts';
import { legible } from './legible.ts';

/**
 * The run as Prometheus text, for a node exporter's textfile folder or a Pushgateway. O(N) series: figures are per
 * Node and per check, never per pair.
 */
export async function metricsText(result: RunResult): Promise<string> {
  const registry = new Registry();
  const gauge = gaugesIn(registry);
  const { cluster, version, run, started, seconds, exitCode, verdicts, controls, diagnosis } = result;
  gauge('run_info', 'Which run this is', { cluster, version, run }, 1);
  gauge('run_start_timestamp_seconds', 'When it began', {}, Date.parse(started) / 1000);
  gauge('run_duration_seconds', 'From the first API request to the last observation', {}, seconds);
  gauge('exit_code', '0 passed, 1 failed, 2 could not tell, 3 not run', {}, exitCode);
  gauge(
    'flaky_cases',
    'Passed, but not at the first attempt or not without loss',
    {},
    verdicts.filter((entry) => entry.flaky).length,
  );
  for (const [labels, members] of grouped(verdicts, ({ case: { check, path }, verdict }) => ({
    check,
    path,
    verdict,
  }))) {
    gauge('cases', 'Cases by check, path and verdict', labels, members.length);
  }
  for (const side of ['source', 'target'] as const) {
    const atNodes = verdicts.filter((entry) => entry.case[side].node !== undefined);
    const labelsOf = (entry: CaseVerdict) => ({
      node: entry.case[side].node ?? '',
      side,
      verdict: entry.verdict,
    });
    for (const [labels, members] of grouped(atNodes, labelsOf)) {
      gauge('node_cases', 'Cases by Node, as source and as target, and verdict', labels, members.length);
    }
  }
  for (const [{ node = '' }, members] of grouped(verdicts, (entry) => ({ node: entry.case.source.node }))) {
    const rttMs = largest(members, ({ measured }) => measured?.rttMs?.p95);
    const lossPercent = largest(members, ({ measured }) => measured?.lossPercent);
    if (rttMs !== undefined)
      gauge('node_rtt_p95_seconds', 'Worst p95 of round trips from the Node', { node }, rttMs / 1000);
    if (lossPercent !== undefined)
      gauge('node_loss_ratio', 'Worst loss from the Node', { node }, lossPercent / 100);
  }
  for (const [labels, members] of grouped(controls, ({ state }) => ({ state }))) {
    gauge('controls', 'Negative controls by state', labels, members.length);
  }
  for (const [labels, members] of grouped(diagnosis.findings, ({ kind }) => ({ kind }))) {
    gauge('findings', 'What lies behind the cases that did not pass, by kind', labels, members.length);
  }
  if (result.comparison !== undefined) sinceThePreviousRun(result.comparison, gauge);
  return registry.metrics();
}

/** Absent where there is nothing to compare with: a 0 would say that nothing is newly broken. */
function sinceThePreviousRun(comparison: Comparison, gauge: ReturnType<typeof gaugesIn>): void {
  const { newlyBroken, stillBroken, fixed, newlyFlaky, slower } = comparison;
  gauge('newly_broken_cases', 'Failed or errored, and were not in the previous run', {}, newlyBroken.length);
  gauge('still_broken_cases', 'Failed or errored, as in the previous run', {}, stillBroken.length);
  gauge('fixed_cases', 'Passed, and failed or errored in the previous run', {}, fixed.length);
  gauge('newly_flaky_cases', 'Flaky, and were not in the previous run', {}, newlyFlaky.length);
  gauge('slower_cases', 'Slower than in the previous run by more than noise', {}, slower.length);
}

type Labels = Record<string, string>;

function gaugesIn(registry: Registry) {
  const known = new Map<string, Gauge>();
  return (name: string, help: string, labels: Labels, value: number): void => {
    const full = `netaccept_${name}`;
    const gauge =
      known.get(full) ??
      new Gauge({ name: full, help, labelNames: Object.keys(labels), registers: [registry] });
    known.set(full, gauge);
    // A start that cannot be read must not make the whole file unreadable.
    if (Number.isFinite(value)) gauge.set(legibleLabels(labels), value);
  };
}

/** Prometheus takes any UTF-8 in a label; those who look at it in a terminal do not. */
function legibleLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, legible(value)]));
}

/** Not by Math.max(...): a Node of a large cluster has more cases than a call may have arguments. */
function largest(
  verdicts: readonly CaseVerdict[],
  figure: (entry: CaseVerdict) => number | undefined,
): number | undefined {
  let most: number | undefined;
  for (const entry of verdicts) {
    const value = figure(entry);
    if (value !== undefined && (most === undefined || value > most)) most = value;
  }
  return most;
}

/** Items that share all labels, in the labels' order. */
function grouped<Item>(items: Iterable<Item>, labelsOf: (item: Item) => Labels): [Labels, Item[]][] {
  const groups = Map.groupBy(items, (item) => JSON.stringify(labelsOf(item)));
  return sortedBy(groups, ([key]) => key).map(([key, members]) => [JSON.parse(key) as Labels, members]);
}
