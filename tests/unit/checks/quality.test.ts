import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { quality } from '../../../src/checks/quality.ts';
import { attemptOfSample, suspects } from '../../../src/checks/shared/quality-of.ts';
import { judgeQuality } from '../../../src/checks/shared/quality-ruling.ts';
import type { Sample } from '../../../src/checks/shared/source-ports.ts';
import type { Attempt } from '../../../src/model.ts';

test.each([1, 2, 4, 7])('%i dual-stack Nodes make 2 paths × 2 families × N·(N−1) cases', (nodes) => {
  const ids = quality.expand(dualStack(nodes), settings()).map(({ id }) => id);
  expect(new Set(ids).size).toBe(2 * 2 * nodes * (nodes - 1));
  expect(ids).toHaveLength(2 * 2 * nodes * (nodes - 1));
});

const pair = () => {
  const id = 'pod-to-pod/quality/v6 node-1 → node-2';
  const entry = quality.expand(dualStack(2), settings()).find((candidate) => candidate.id === id);
  if (!entry) throw new Error(id);
  return entry;
};

test('it is measured once, while all others are done, with what the settings say', () => {
  const chosen = settings((draft) => {
    draft.quality = {
      packets: 100,
      sourcePorts: 7,
      sourcePortBase: 40_000,
      maxLossPercent: 3,
      maxRttP95Ms: 20,
    };
  });
  expect(quality.aim(pair(), dualStack(2), chosen)).toEqual({
    kind: 'probe',
    address: 'fd00:244:2::2',
    port: 29803,
    expect: ['uid-pod-prober-2'],
    count: 100,
    round: 'calm',
    attempts: 1,
    ask: { sourcePorts: 7, sourcePortBase: 40_000, maxLossPercent: 3, maxRttP95Ms: 20 },
  });
  expect(quality.controls(chosen)).toMatchObject([
    { kind: 'closed-port', port: 29809, count: 10 },
    { kind: 'silent-address', port: 29803, count: 10 },
  ]);
});

const reached: Attempt = {
  outcome: 'reached',
  responder: { node: 'node-2', pod: 'pod-2', uid: 'uid-pod-prober-2' },
};

/** One flow for each number of answered datagrams, `perFlow` sent on each; the n-th round trip takes n ms. */
function sampleOf(received: number[], perFlow = 2): Sample {
  const total = received.reduce((sum, count) => sum + count, 0);
  return {
    flows: received.map((count, index) => ({ port: 50_001 + index, sent: perFlow, received: count })),
    rttsMs: Array.from({ length: total }, (_, index) => total - index),
    answer: total === 0 ? undefined : reached,
    fault: undefined,
  };
}

const lenient = { maxLossPercent: 10, maxRttP95Ms: 0 };

describe('a sample against the thresholds', () => {
  test.each([
    ['nothing lost', [2, 2, 2, 2, 2], 'reached', 0],
    ['one of ten lost', [2, 2, 1, 2, 2], 'reached', 10],
    ['two of ten lost', [1, 2, 1, 2, 2], 'lossy', 20],
    ['all lost', [0, 0, 0, 0, 0], 'timed-out', 100],
  ] as const)('%s: %j is %s', (_what, received, outcome, lossPercent) => {
    const attempt = attemptOfSample(sampleOf([...received]), [], lenient);
    expect(attempt).toMatchObject({ outcome, measured: { lossPercent }, sent: 10 });
  });

  test('percentiles are round trips that happened, by nearest rank', () => {
    const attempt = attemptOfSample(sampleOf(Array(5).fill(20), 20), [], lenient);
    expect(attempt).toMatchObject({ rttMs: 50, measured: { rttMs: { min: 1, p50: 50, p95: 95, max: 100 } } });
  });

  test.each([
    [0, 'reached'],
    [10, 'reached'],
    [9, 'slow'],
  ])('with a limit of %i ms a p95 of 10 ms is %s', (maxRttP95Ms, outcome) => {
    const attempt = attemptOfSample(sampleOf([2, 2, 2, 2, 2]), [], { ...lenient, maxRttP95Ms });
    expect(attempt.outcome).toBe(outcome);
  });

  test('a dead source port is no tolerated loss', () => {
    const forgiving = { maxLossPercent: 40, maxRttP95Ms: 0 };
    expect(attemptOfSample(sampleOf([2, 0, 2, 2, 2]), [], forgiving).outcome).toBe('reached');
    expect(attemptOfSample(sampleOf([2, 0, 2, 2, 2]), [50_002], forgiving)).toMatchObject({
      outcome: 'lossy',
      found: { dead: [50_002] },
    });
  });

  test.each([
    { outcome: 'unobserved', cause: 'local-fault' },
    { outcome: 'wrong-responder', responder: { node: 'n', pod: 'p', uid: 'x' } },
  ] as const)('$outcome comes before any figure', (fault) => {
    expect(attemptOfSample({ ...sampleOf([2, 2]), fault }, [], lenient)).toMatchObject(fault);
  });

  test('refused is said where nothing else came', () => {
    const fault: Attempt = { outcome: 'refused', detail: 'ECONNREFUSED recvmsg' };
    expect(attemptOfSample({ ...sampleOf([0, 0]), fault }, [], lenient).outcome).toBe('refused');
    expect(attemptOfSample({ ...sampleOf([2, 2]), fault }, [], lenient).outcome).toBe('reached');
  });
});

describe('source ports worth asking again', () => {
  test.each([
    ['one lost all of its own, the others nothing', [2, 0, 2], [1]],
    ['two did', [0, 2, 0], [0, 2]],
    ['nobody lost anything', [2, 2, 2], []],
    ['another one lost some too', [1, 0, 2], []],
    ['all lost everything: that is no port', [0, 0, 0], []],
  ])('%s', (_what, received, expected) => {
    expect(suspects(sampleOf(received))).toEqual(expected);
  });
});

describe('the sentence', () => {
  const rulingOf = (attempt: Attempt, thresholds = lenient) =>
    judgeQuality(attempt, quality.aim(pair(), dualStack(2), settings()), thresholds);

  test('a pass tells the figures', () => {
    expect(rulingOf(attemptOfSample(sampleOf([2, 2, 2, 2, 2]), [], lenient))).toEqual({
      verdict: 'passed',
      reason: 'proof',
      sentence:
        '10 of 10 datagrams answered by pod pod-2 over 5 source ports; rtt min/p50/p95/max 1.00/5.00/10.00/10.00 ms',
    });
  });

  test('too much loss names the key', () => {
    expect(rulingOf(attemptOfSample(sampleOf([1, 2, 1, 2, 2]), [], lenient))).toEqual({
      verdict: 'failed',
      reason: 'lossy',
      sentence:
        '20 % lost, 10 % are allowed (quality.maxLossPercent): 8 of 10 datagrams answered; rtt min/p50/p95/max 1.00/4.00/8.00/8.00 ms',
    });
  });

  test('a dead source port is named, with what may be behind it', () => {
    expect(rulingOf(attemptOfSample(sampleOf([2, 0, 2, 2, 2]), [50_002], lenient)).sentence).toBe(
      '1 of 5 source ports is dead (50002), the others lost nothing: one way of an ECMP group, or one member of a bond? 8 of 10 datagrams answered',
    );
  });

  test('too slow tells limit and figures', () => {
    const strict = { ...lenient, maxRttP95Ms: 3 };
    expect(rulingOf(attemptOfSample(sampleOf([2, 2]), [], strict), strict)).toEqual({
      verdict: 'failed',
      reason: 'slow',
      sentence:
        'the 95th percentile of the round trips is over 3 ms (quality.maxRttP95); rtt min/p50/p95/max 1.00/2.00/4.00/4.00 ms',
    });
  });

  test('an answer by nobody who was meant is no pass', () => {
    const { responder: _, ...anonymous } = attemptOfSample(sampleOf([2, 2]), [], lenient);
    expect(rulingOf(anonymous)).toMatchObject({ verdict: 'failed', reason: 'wrong-responder' });
    const foreign = { ...anonymous, responder: { node: 'node-3', pod: 'pod-3', uid: 'uid-pod-prober-3' } };
    expect(rulingOf(foreign)).toMatchObject({ verdict: 'failed', reason: 'wrong-responder' });
    expect(rulingOf({ outcome: 'timed-out' })).toMatchObject({ verdict: 'failed', reason: 'timed-out' });
  });
});
