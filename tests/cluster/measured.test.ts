// What is measured between Nodes and pods, healthy; how it breaks is the fault catalogue's (catalogue.test.ts).
import { afterAll, expect, test } from 'vitest';
import { check, idsWith, netaccept } from './netaccept.ts';
import { idsWhere } from './predict.ts';

afterAll(async () => {
  await netaccept(['clean']);
});

/** 2 paths × 2 families × 4·3 directions. */
const CASES = 2 * 2 * 4 * 3;

test('4 dual-stack Nodes: each direction of each path with its path MTU', async () => {
  const { result, exitCode } = await check(['--keep', '--only', 'mtu']);
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(result.verdicts).toHaveLength(CASES);
  const measured = result.verdicts.map((entry) => [entry.case.path, entry.measured?.pathMtu]);
  expect(new Set(measured.map(String))).toEqual(new Set(['pod-to-pod,1450', 'node-to-node,1500']));
  expect(exitCode).toBe(0);
});

test('an MTU that is expected and that no pod’s device has is a mismatch between all pods', async () => {
  const { result, exitCode } = await check(['--keep', '--only', 'mtu'], {
    env: { NETACCEPT_MTU_POD: '1480' },
  });
  expect(idsWith(result, 'failed')).toEqual(idsWhere(result, (entry) => entry.path === 'pod-to-pod'));
  expect(exitCode).toBe(1);
});

test.each([
  ['10 packets', [], 10],
  ['--deep: 100 packets', ['--deep'], 100],
])('4 dual-stack Nodes, %s: each direction with loss and rtt', async (_name, flags, packets) => {
  const { result, exitCode } = await check(['--keep', '--only', 'quality', ...flags]);
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(result.verdicts).toHaveLength(CASES);
  for (const { measured, attempts } of result.verdicts) {
    expect(measured?.rttMs?.p95).toBeGreaterThan(0);
    expect(attempts[0]?.sent).toBe(packets);
  }
  expect(exitCode).toBe(0);
});
