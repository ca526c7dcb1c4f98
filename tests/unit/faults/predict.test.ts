import { expect, test } from 'vitest';
import { vxlanOneWay } from '../../../fixtures/faults/catalogue/vxlan-one-way.ts';
import { differenceOf } from '../../../fixtures/faults/difference.ts';
import type { World } from '../../../fixtures/faults/entry.ts';
import { type Prediction, predict } from '../../../fixtures/faults/predict.ts';
import { withClusterServices } from '../../../fixtures/topologies/cluster-services.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { withServices } from '../../../fixtures/topologies/with-services.ts';
import { checks } from '../../../src/checks/registry.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { CaseVerdict } from '../../../src/model.ts';

const topology = withClusterServices(withServices(dualStack(4)));
const world: World = { topology, nodes: ['node-1', 'node-2', 'node-3', 'node-4'] };
const cases = expandMatrix(checks, topology, settings());

function red(predictions: readonly Prediction[], check: string): string[] {
  return predictions
    .filter(({ verdict, entry }) => verdict === 'failed' && entry.check === check && entry.family === 'v4')
    .map(({ entry }) => entry.id);
}

test('without a fault every case is predicted to pass', () => {
  const predictions = predict({}, cases, world);
  expect(predictions).toHaveLength(cases.length);
  expect(predictions.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
});

test('the tunnel cut one way takes its requests, and the replies that need it', () => {
  const predictions = predict(vxlanOneWay, cases, world);
  expect(red(predictions, 'tcp')).toEqual([
    'node-to-pod/tcp/v4 node-1 → node-2',
    'pod-to-node/tcp/v4 node-2 → node-1',
    'pod-to-pod/tcp/v4 node-1 → node-2',
    'pod-to-pod/tcp/v4 node-2 → node-1',
  ]);
  const affinity = predictions.filter(({ entry }) => entry.about?.kind === 'session affinity');
  // Who is remembered for which endpoint nobody can say; but never one that cannot be reached.
  expect(
    affinity.find(({ entry }) => entry.id.startsWith('pod-to-service/services/v4 node-1')),
  ).toMatchObject({
    verdict: undefined,
    by: ['node-1', 'node-3', 'node-4'],
  });
});

test('doors that must stay shut prove nothing when every witness is cut off', () => {
  const predictions = predict({ loses: ({ door }) => door !== undefined }, cases, world);
  const blocked = predictions.filter(({ entry }) => entry.expect === 'blocked');
  expect(blocked.length).toBeGreaterThan(0);
  expect(new Set(blocked.map(({ verdict }) => verdict))).toEqual(new Set(['errored']));
});

function verdicts(predictions: readonly Prediction[], but: Record<string, CaseVerdict['verdict']> = {}) {
  return predictions.map(({ entry, verdict = 'failed' }) => ({
    case: entry,
    verdict: but[entry.id] ?? verdict,
    sentence: 'as it was seen',
    attempts: [],
  })) as unknown as CaseVerdict[];
}

test('as predicted there is no difference; else three grids, and each case by name', () => {
  const predictions = predict(vxlanOneWay, cases, world);
  expect(differenceOf(predictions, verdicts(predictions))).toBe('');
  const observed = verdicts(predictions, {
    'pod-to-pod/tcp/v4 node-1 → node-2': 'passed',
    'pod-to-pod/tcp/v4 node-3 → node-4': 'errored',
  });
  expect(differenceOf(predictions, observed)).toBe(
    [
      'pod-to-pod/tcp v4, to node-1 node-2 node-3 node-4',
      '         expected    observed    difference',
      '  node-1 .x..        ....        .!..      ',
      '  node-2 x...        x...        ....      ',
      '  node-3 ....        ...e        ...!      ',
      '  node-4 ....        ....        ....      ',
      '',
      'pod-to-pod/tcp/v4 node-1 → node-2',
      '    expected failed, observed passed: as it was seen',
      'pod-to-pod/tcp/v4 node-3 → node-4',
      '    expected passed, observed errored: as it was seen',
    ].join('\n'),
  );
});

test('a case of which there is no verdict is a difference, and so is a pass by somebody out of reach', () => {
  const predictions = predict(vxlanOneWay, cases, world);
  expect(differenceOf(predictions, verdicts(predictions).slice(1))).toContain('no verdict');
  const chance = predictions.find(({ verdict }) => verdict === undefined);
  const passed = verdicts(predictions).map((one) =>
    one.case.id === chance?.entry.id
      ? { ...one, verdict: 'passed' as const, attempts: [{ responder: { node: 'node-2' } }] }
      : one,
  ) as unknown as CaseVerdict[];
  expect(differenceOf(predictions, passed)).toContain('expected either, answered by node-1');
});
