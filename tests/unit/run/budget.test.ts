import { expect, test } from 'vitest';
import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import type { Probe } from '../../../src/model.ts';
import { waveDeadlineMs } from '../../../src/run/budget.ts';

const silent: Probe = {
  ...{ case: 'a', check: 'external', family: 'v4', address: '192.0.2.1', port: 80, expect: [] },
  ...{ timeoutMs: 60_000, attempts: 2, count: 1 },
} as const;

const source = { node: 'a', network: 'pod', namespace: 'n', pod: 'p', uid: 'u' } as const;
const budget = (probe: Probe, leftMs = 1e9) =>
  waveDeadlineMs([{ source, rounds: [{ round: 'main', probes: [probe] }] }], settings(), leftMs);

test('a name that has to be looked up first may take twice the time-out', () => {
  // Two attempts, the second of which waits twice as long.
  expect(budget({ ...silent, address: '' })).toBeGreaterThan(2 * 3 * silent.timeoutMs);
  expect(budget(silent)).toBeLessThan(2 * 3 * silent.timeoutMs);
  expect(budget(silent)).toBeGreaterThan(3 * silent.timeoutMs);
});

test('nothing takes more than what is left of the run', () => {
  expect(budget(silent, 1000)).toBe(1000);
});
