import { expect, test } from 'vitest';
import { differenceLines } from '../../../fixtures/snapshots/difference.ts';
import { nodeDifference } from '../../../fixtures/snapshots/nodes.ts';

const before = facts('node-1 container: etcd', 'node-1 dead container: of a test before', 'node-1 route: x');

test('what was dead before may be gone; one that was not there, dead or not, is told', () => {
  const after = facts('node-1 container: etcd', 'node-1 dead container: left', 'node-1 route: x');
  expect(differenceLines(nodeDifference(before, after))).toEqual(['+ node-1 dead container: left']);
});

test('anything else that is gone is told', () => {
  expect(differenceLines(nodeDifference(before, facts('node-1 dead container: etcd')))).toEqual([
    '+ node-1 dead container: etcd',
    '- node-1 container: etcd',
    '- node-1 route: x',
  ]);
});

function facts(...names: string[]): Map<string, string> {
  return new Map(names.map((name) => [name, '1']));
}
