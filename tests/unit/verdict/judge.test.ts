import { describe, expect, test } from 'vitest';
import type { Agent, Arrival, Attempt, Case } from '../../../src/model.ts';
import { type Evidence, judgeCase } from '../../../src/verdict/judge.ts';

const end = (node: string) => ({ cluster: 'c', node, network: 'pod' as const });
const entry: Case = {
  id: 'pod-to-pod/tcp/v4 a → b',
  check: 'tcp',
  path: 'pod-to-pod',
  family: 'v4',
  source: end('a'),
  target: { ...end('b'), name: 'b' },
  locality: 'cross-node',
};
const target: Agent = {
  node: 'b',
  network: 'pod',
  role: 'prober',
  namespace: 'netaccept',
  pod: 'agent-b',
  uid: 'uid-b',
  addresses: { v4: '10.0.0.2' },
  ready: true,
  restarts: 0,
};
const evidence: Evidence = {
  expect: ['uid-b'],
  target,
  after: [target],
  batchCause: undefined,
  batchDetail: undefined,
  own: undefined,
  derived: false,
  disputed: false,
  arrivalOf: () => undefined,
};
const right = { node: 'b', pod: 'agent-b', uid: 'uid-b' };
const wrong = { node: 'x', pod: 'stranger', uid: 'uid-x' };
const reached: Attempt = { outcome: 'reached', responder: right, rttMs: 0.5, sent: 1, received: 1 };

function judge(attempts: Attempt[], more: Partial<Evidence> = {}) {
  return judgeCase(entry, { case: entry.id, attempts, aimedAt: '10.0.0.2:1' }, { ...evidence, ...more });
}

describe('passed needs positive proof', () => {
  test('the right pod answered', () => {
    expect(judge([reached])).toMatchObject({ verdict: 'passed', reason: 'proof', flaky: false, rttMs: 0.5 });
  });

  test('an agent that claims "reached" by another pod is not believed', () => {
    expect(judge([{ ...reached, responder: wrong }])).toMatchObject({
      verdict: 'failed',
      reason: 'wrong-responder',
      sentence: 'answered by pod stranger on x, expected pod agent-b on b at 10.0.0.2:1',
    });
  });

  test('an agent that claims "reached" by nobody is not believed', () => {
    expect(judge([{ outcome: 'reached' }]).verdict).toBe('failed');
  });

  test('icmp cannot name its responder: then an echo reply is needed', () => {
    const echo: Attempt = { outcome: 'reached', sent: 3, received: 3 };
    expect(judge([echo], { expect: [] }).verdict).toBe('passed');
    expect(judge([{ ...echo, received: 0 }], { expect: [] }).verdict).toBe('failed');
  });
});

describe('flaky is passed, and told', () => {
  test('at the second attempt', () => {
    const verdict = judge([{ outcome: 'timed-out' }, reached]);
    expect(verdict).toMatchObject({ verdict: 'passed', flaky: true });
    expect(verdict.attempts).toHaveLength(2);
    expect(verdict.sentence).toBe('answered by pod agent-b in 0.50 ms, at attempt 2');
  });

  test('with a tolerated loss', () => {
    const verdict = judge([{ ...reached, sent: 5, received: 4 }]);
    expect(verdict).toMatchObject({ verdict: 'passed', flaky: true });
    expect(verdict.sentence).toContain('1 of 5 packets lost');
  });
});

describe('failed is the network’s fault', () => {
  const outcomes = [
    'refused',
    'timed-out',
    'unreachable',
    'prohibited',
    'reset',
    'wrong-responder',
    'wrong-answer',
    'lossy',
    'no-address',
  ] as const;
  test.each(outcomes)('%s', (outcome) => {
    const verdict = judge([{ outcome }]);
    expect(verdict).toMatchObject({ verdict: 'failed', reason: outcome });
    expect(verdict.sentence.length).toBeGreaterThan(outcome.length);
  });

  test('a target whose node fell silent is still a failure: nothing happened to the agent', () => {
    const after = [{ ...target, ready: false, problem: 'NodeNotReady' }];
    expect(judge([{ outcome: 'timed-out' }], { after }).verdict).toBe('failed');
  });
});

describe('errored is that we could not tell', () => {
  const gone = [
    ['deleted', []],
    ['recreated', [{ ...target, uid: 'uid-new' }]],
    ['restarted', [{ ...target, restarts: 1 }]],
    ['being deleted', [{ ...target, terminating: true }]],
  ] as const;
  test.each(gone)('the target agent was %s during the run', (_, after) => {
    const verdict = judge([{ outcome: 'timed-out' }], { after });
    expect(verdict).toMatchObject({ verdict: 'errored', reason: 'target-gone' });
  });

  test('but what it proved before it went stays proven', () => {
    expect(judge([reached], { after: [] }).verdict).toBe('passed');
  });

  test('an unobserved attempt is never news about the network', () => {
    const attempt: Attempt = { outcome: 'unobserved', cause: 'local-fault', detail: 'EMFILE' };
    expect(judge([attempt])).toMatchObject({ verdict: 'errored', reason: 'local-fault' });
    expect(judge([attempt]).sentence).toContain('EMFILE');
  });

  test('no report at all takes the cause of its batch', () => {
    expect(judgeCase(entry, undefined, evidence)).toMatchObject({ verdict: 'errored', reason: 'no-reply' });
    const broken: Evidence = { ...evidence, batchCause: 'exec-broken', batchDetail: 'socket closed' };
    expect(judgeCase(entry, undefined, broken)).toMatchObject({ verdict: 'errored', reason: 'exec-broken' });
  });

  test('a report without an attempt is no report', () => {
    expect(judge([]).verdict).toBe('errored');
  });
});

test('skipped says its rule', () => {
  const skip = { ...entry, skip: 'host-network agents are switched off' };
  expect(judgeCase(skip, undefined, evidence)).toMatchObject({
    verdict: 'skipped',
    reason: 'rule',
    sentence: 'host-network agents are switched off',
  });
});

describe('what the target says of a request that was not answered', () => {
  const silent: Attempt = { outcome: 'timed-out', sent: 3, received: 0, mark: 'm' };
  const arrivalOf = (arrival: Arrival) => ({
    arrivalOf: (mark: string) => (mark === 'm' ? arrival : undefined),
  });

  test.each([
    ['none', 'no answer from the agent pod on b at 10.0.0.2:1; the request never reached the agent pod on b'],
    [
      'some',
      'no answer from the agent pod on b at 10.0.0.2:1; the agent pod on b got it: the answer was lost on its way back',
    ],
  ] as const)('%s is in the verdict and its sentence', (arrival, sentence) => {
    expect(judge([silent], arrivalOf(arrival))).toMatchObject({ verdict: 'failed', arrival, sentence });
  });

  test('is not asked of what was answered, nor of what must be silent', () => {
    expect(judge([reached], arrivalOf('some'))).not.toHaveProperty('arrival');
    const blocked = () => ({ verdict: 'passed' as const, reason: 'proof' as const, sentence: 'blocked' });
    expect(judge([silent], { ...arrivalOf('none'), own: blocked })).toMatchObject({ sentence: 'blocked' });
  });

  test('of a Service it is one of its endpoints that got it', () => {
    const service: Case = {
      ...entry,
      path: 'pod-to-service',
      target: { cluster: 'c', name: 'NodePort udp a of b' },
    };
    const { sentence } = judgeCase(
      service,
      { case: entry.id, attempts: [silent] },
      { ...evidence, ...arrivalOf('none') },
    );
    expect(sentence).toBe('no answer from NodePort udp a of b; the request never reached an endpoint');
  });
});

describe('beside its verdict a case tells', () => {
  test('what was measured and how long it took, where that is known', () => {
    const measured = { lossPercent: 1 };
    const observation = {
      case: entry.id,
      attempts: [{ ...reached, measured }],
      aimedAt: '10.0.0.2:1',
      tookMs: 7,
    };
    expect(judgeCase(entry, observation, evidence)).toEqual({
      case: entry,
      ...{ verdict: 'passed', reason: 'proof', sentence: 'answered by pod agent-b in 0.50 ms', flaky: false },
      ...{ attempts: observation.attempts, aimedAt: '10.0.0.2:1', tookMs: 7, rttMs: 0.5, measured },
    });
    const { rttMs: _rtt, ...untimed } = reached;
    const bare = judgeCase(entry, { case: entry.id, attempts: [untimed] }, evidence);
    for (const key of ['aimedAt', 'tookMs', 'rttMs', 'measured', 'arrival'])
      expect(bare).not.toHaveProperty(key);
  });

  test('no round trip of what failed', () => {
    expect(judge([{ outcome: 'lossy', rttMs: 3 }])).not.toHaveProperty('rttMs');
  });

  test('no arrival of an attempt without a mark', () => {
    expect(judge([{ outcome: 'timed-out' }], { arrivalOf: () => 'none' })).not.toHaveProperty('arrival');
  });
});

describe('what must be blocked', () => {
  const own = () => ({ verdict: 'passed' as const, reason: 'proof' as const, sentence: 'blocked' });
  test('is not flaky for being asked again', () => {
    const blocked = { ...entry, expect: 'blocked' as const };
    const attempts: Attempt[] = [{ outcome: 'timed-out' }, { outcome: 'timed-out' }];
    const judged = judgeCase(blocked, { case: entry.id, attempts }, { ...evidence, own });
    expect(judged).toMatchObject({ verdict: 'passed', flaky: false });
    expect(judgeCase(entry, { case: entry.id, attempts }, { ...evidence, own }).flaky).toBe(true);
  });
});

describe('a check’s own judge', () => {
  const own = () => ({ verdict: 'failed' as const, reason: 'mismatch' as const, sentence: 'own' });
  test('is not asked where an address is missing, and its failure is the network’s', () => {
    expect(judge([{ outcome: 'no-address' }], { own, after: [] })).toMatchObject({
      verdict: 'failed',
      reason: 'no-address',
    });
  });
  test('is believed only while the target is there', () => {
    expect(judge([{ outcome: 'refused' }], { own })).toMatchObject({ verdict: 'failed', sentence: 'own' });
    expect(judge([{ outcome: 'refused' }], { own, after: [] })).toMatchObject({
      ...{ verdict: 'errored', reason: 'target-gone' },
      sentence:
        'the agent at the target, the agent pod on b, did not live through the run (pod agent-b was deleted during the run)',
    });
  });
  test('is not asked about what was not observed', () => {
    expect(judge([{ outcome: 'unobserved' }], { own })).toMatchObject({
      verdict: 'errored',
      reason: 'no-reply',
    });
    expect(judge([], { own, batchCause: 'deadline', batchDetail: 'late' }).sentence).toMatch(/\(late\)$/);
  });
  test('decides where nothing is sent; without one nothing is known', () => {
    expect(judgeCase(entry, undefined, { ...evidence, own, derived: true })).toMatchObject({
      sentence: 'own',
    });
    expect(judgeCase(entry, undefined, { ...evidence, derived: true })).toMatchObject({ verdict: 'errored' });
  });
});

test('flaky is what lost some and said how many', () => {
  const { sent: _sent, ...unsent } = reached;
  const { received: _received, ...unreceived } = reached;
  expect([
    judge([unsent]).flaky,
    judge([unreceived]).flaky,
    judge([{ ...reached, sent: 2, received: 2 }]).flaky,
  ]).toEqual([false, false, false]);
  expect(judge([{ outcome: 'timed-out', sent: 2, received: 1 }]).flaky).toBe(false);
});

test('the right pod is no proof of what was not reached', () => {
  expect(judge([{ ...reached, outcome: 'lossy' }])).toMatchObject({ verdict: 'failed', reason: 'lossy' });
  expect(judge([{ ...reached, outcome: 'refused' }])).toMatchObject({ verdict: 'failed', reason: 'refused' });
});

test('what is derived may pass without an attempt', () => {
  const own = () => ({ verdict: 'passed' as const, reason: 'proof' as const, sentence: 'said by the API' });
  expect(judgeCase(entry, undefined, { ...evidence, own, derived: true })).toEqual({
    case: entry,
    ...{ verdict: 'passed', reason: 'proof', sentence: 'said by the API', flaky: false, attempts: [] },
  });
});
