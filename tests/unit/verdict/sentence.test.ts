import { describe, expect, test } from 'vitest';
import type {
  Agent,
  Attempt,
  Case,
  CaseVerdict,
  Cause,
  Outcome,
  Reason,
  Target,
} from '../../../src/model.ts';
import type { Evidence } from '../../../src/verdict/judge.ts';
import { arrivalWords, sentenceFor } from '../../../src/verdict/sentence.ts';

const source = { cluster: 'c', node: 'a', network: 'pod' as const };
const podTarget: Target = { cluster: 'c', node: 'b', network: 'pod', name: 'b' };
const agent: Agent = {
  node: 'b',
  network: 'pod',
  role: 'prober',
  namespace: 'n',
  pod: 'agent-b',
  uid: 'u',
  addresses: {},
  ready: true,
  restarts: 0,
};
const evidence = (target?: Agent) => ({ target }) as Evidence;

function draft(
  verdict: CaseVerdict['verdict'],
  reason: Reason,
  { attempts = [], ...more }: Partial<CaseVerdict> & { target?: Target; from?: Case['source'] } = {},
): Parameters<typeof sentenceFor>[0] {
  const { target = podTarget, from = source, ...rest } = more;
  const entry = { id: 'x', check: 'tcp', path: 'pod-to-pod', family: 'v6', source: from, target } as Case;
  return { case: entry, verdict, reason, flaky: false, attempts, ...rest };
}

const stranger: Attempt = { outcome: 'wrong-responder', responder: { node: 'x', pod: 'stranger', uid: 's' } };
const lossy: Attempt = { outcome: 'lossy', sent: 5, received: 2 };

test.each<[Exclude<Outcome, 'reached' | 'unobserved'> | 'mismatch' | 'not-blocked', string, Attempt[]?]>([
  ['refused', 'the agent pod on b refused the connection at 10.0.0.2:1'],
  ['timed-out', 'no answer from the agent pod on b at 10.0.0.2:1'],
  ['timed-out', 'no answer from the agent pod on b at 10.0.0.2:1 in 2 attempts', [lossy, lossy]],
  ['unreachable', 'no way to the agent pod on b at 10.0.0.2:1'],
  ['prohibited', 'the agent pod on a may not send to the agent pod on b at 10.0.0.2:1: its own node refuses'],
  ['reset', 'the connection to the agent pod on b at 10.0.0.2:1 was cut before the answer was complete'],
  ['wrong-responder', 'answered by pod stranger on x, expected the agent pod on b at 10.0.0.2:1', [stranger]],
  ['wrong-responder', 'answered by an unnamed responder, expected the agent pod on b at 10.0.0.2:1'],
  ['wrong-answer', 'something that is not our agent answered for the agent pod on b at 10.0.0.2:1'],
  ['black-hole', 'small packets reach the agent pod on b at 10.0.0.2:1, large ones vanish without a word'],
  ['slow', 'the agent pod on b at 10.0.0.2:1 answers, but slower than the settings allow'],
  ['mismatch', 'b is not as it must be'],
  ['not-blocked', 'the agent pod on b at 10.0.0.2:1 answered, though it must be blocked'],
  ['lossy', '3 of 5 packets lost to the agent pod on b at 10.0.0.2:1', [lossy]],
  ['lossy', '0 of 0 packets lost to the agent pod on b at 10.0.0.2:1'],
  ['no-address', 'the cluster has IPv6, but an end of this path has no such address'],
])('failed, %s: %s', (reason, sentence, attempts = []) => {
  const failed = draft('failed', reason, { attempts, aimedAt: '10.0.0.2:1' });
  expect(sentenceFor(failed, evidence(), undefined)).toBe(sentence);
  expect(sentenceFor(failed, evidence(), '')).toBe(sentence);
  expect(sentenceFor(failed, evidence(), 'ECONN')).toBe(`${sentence} (ECONN)`);
});

test.each<[Cause | 'no-witness' | 'too-little', string]>([
  ['no-agent', 'no ready agent at the source, the agent pod on a'],
  ['no-target-agent', 'no ready agent at the target, the agent pod on b'],
  ['target-gone', 'the agent at the target, the agent pod on b, did not live through the run'],
  ['exec-broken', 'the control channel to the source, the agent pod on a, broke'],
  ['batch-aborted', 'the agent at the source, the agent pod on a, gave its batch up'],
  ['deadline', 'the deadline came before the agent pod on a had probed this'],
  ['interrupted', 'the run was interrupted before this was known'],
  ['probe-crashed', 'the probe crashed on the agent pod on a'],
  ['local-fault', 'the agent pod on a could not probe: a fault of its own, not of the network'],
  ['no-reply', 'the agent pod on a never reported on this'],
  [
    'no-witness',
    'the agent pod on b did not answer, but nobody else reached it either: it may be dead, not blocked',
  ],
  ['too-little', 'too little was seen of the agent pod on b to judge it'],
  ['not-run', 'this was never sent'],
])('errored, %s: %s', (reason, sentence) => {
  expect(sentenceFor(draft('errored', reason), evidence(), undefined)).toBe(sentence);
  expect(sentenceFor(draft('errored', reason), evidence(), 'why')).toBe(`${sentence} (why)`);
});

test('a reason without a sentence is said as it is', () => {
  expect(sentenceFor(draft('failed', 'no-witness'), evidence(), undefined)).toBe('no-witness');
});

test('whom it expected is named by its pod where that is known', () => {
  const failed = draft('failed', 'wrong-responder', { attempts: [stranger] });
  expect(sentenceFor(failed, evidence(agent), undefined)).toBe(
    'answered by pod stranger on x, expected pod agent-b on b',
  );
});

test('skipped says its rule', () => {
  expect(sentenceFor(draft('skipped', 'rule'), evidence(), 'off')).toBe('off');
  expect(sentenceFor(draft('skipped', 'rule'), evidence(), undefined)).toBe('left out by a rule');
});

describe('passed', () => {
  const responder = { node: 'b', pod: 'agent-b', uid: 'u' };
  test.each<[string, Attempt[]]>([
    ['answered by the agent pod on b', []],
    ['answered by the agent pod on b', [{ outcome: 'reached' }]],
    ['answered by pod agent-b', [{ outcome: 'reached', responder, sent: 3, received: 3 }]],
    ['answered by pod agent-b in 1.50 ms', [{ outcome: 'reached', responder, rttMs: 1.5 }]],
    [
      'answered by pod agent-b, 1 of 3 packets lost',
      [{ outcome: 'reached', responder, sent: 3, received: 2 }],
    ],
    [
      'answered by pod agent-b in 2.00 ms, at attempt 2, 3 of 3 packets lost',
      [lossy, { outcome: 'reached', responder, rttMs: 2, sent: 3 }],
    ],
  ])('%s', (sentence, attempts) => {
    expect(sentenceFor(draft('passed', 'proof', { attempts }), evidence(), 'unsaid')).toBe(sentence);
  });
});

test.each<[string, Target]>([
  ['the agent pod on b', podTarget],
  ['node b', { ...podTarget, network: 'host' }],
  ['NodePort tcp of b', { ...podTarget, name: 'NodePort tcp of b' }],
  ['ClusterIP', { cluster: 'c', name: 'ClusterIP' }],
  ['a DNS pod', { cluster: 'c', name: 'a DNS pod', node: 'b' }],
  ['somewhere', { cluster: 'c', name: 'somewhere', network: 'pod' }],
])('a target is called %s', (name, target) => {
  expect(sentenceFor(draft('failed', 'unreachable', { target }), evidence(), undefined)).toBe(
    `no way to ${name}`,
  );
});

test('a source on the host network is its node', () => {
  const from = { ...source, network: 'host' as const };
  expect(sentenceFor(draft('errored', 'no-reply', { from }), evidence(), undefined)).toBe(
    'node a never reported on this',
  );
});

test.each<[CaseVerdict['arrival'], Case['path'], string]>([
  [undefined, 'pod-to-pod', ''],
  ['none', 'pod-to-pod', '; the request never reached the agent pod on b'],
  ['some', 'pod-to-pod', '; the agent pod on b got it: the answer was lost on its way back'],
  ['none', 'node-to-service', '; the request never reached an endpoint'],
  ['some', 'node-to-service', '; an endpoint got it: the answer was lost on its way back'],
])('arrival %s on %s: %j', (arrival, path, words) => {
  const made = draft('failed', 'timed-out', arrival === undefined ? {} : { arrival });
  expect(arrivalWords({ ...made, case: { ...made.case, path } })).toBe(words);
});
