import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytewise } from '../../../src/order.ts';
import { countVerdicts, folded } from '../../../src/report/counts.ts';
import { caseOf, errored, failed, passed, skipped } from './results.ts';

const VERDICTS = [
  passed(caseOf('a', 'a')),
  passed(caseOf('a', 'b'), { outcome: 'reset' }),
  failed(caseOf('b', 'a')),
  errored(caseOf('a', 'a', { family: 'v6' })),
  skipped(caseOf('a', 'b', { path: 'node-to-node' })),
];

test('totals add up, and flaky is a part of passed', () => {
  const { total } = countVerdicts(VERDICTS);
  expect(total).toMatchObject({
    expected: 5,
    executed: 4,
    passed: 2,
    failed: 1,
    errored: 1,
    skipped: 1,
    flaky: 1,
  });
});

test('groups are per path, check and family, bytewise, with both localities', () => {
  const { groups } = countVerdicts(VERDICTS);
  expect(groups.map((group) => group.name)).toEqual([
    'node-to-node.tcp.v4',
    'pod-to-pod.tcp.v4',
    'pod-to-pod.tcp.v6',
  ]);
  expect(groups[1]).toMatchObject({
    expected: 3,
    sameNode: { expected: 1, passed: 1 },
    crossNode: { expected: 2, passed: 1, failed: 1, flaky: 1 },
  });
});

test('families fold into one row only where none of them has anything to tell', () => {
  const pair = (family: 'v4' | 'v6', check: string) => caseOf('a', 'b', { family, check });
  const { groups } = countVerdicts([
    passed(pair('v4', 'tcp')),
    passed(pair('v6', 'tcp')),
    passed(pair('v4', 'udp')),
    failed(pair('v6', 'udp')),
    passed(pair('v4', 'icmp')),
  ]);
  const rows = folded(groups).map(({ name, expected, crossNode }) => [name, expected, crossNode.passed]);
  expect(rows).toEqual([
    ['pod-to-pod.icmp.v4', 1, 1],
    ['pod-to-pod.tcp', 2, 2],
    ['pod-to-pod.udp.v4', 1, 1],
    ['pod-to-pod.udp.v6', 1, 0],
  ]);
});

test('nothing counts as nothing', () => {
  expect(countVerdicts([])).toMatchObject({ total: { expected: 0, executed: 0 }, groups: [] });
});

test('the order of names is that of their UTF-8 bytes', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(bytewise(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
