import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { external } from '../../../src/checks/external.ts';
import type { Ruling } from '../../../src/checks/shared/check.ts';
import type { Attempt, TargetSettings } from '../../../src/model.ts';
import { benchFor } from '../../../src/verdict/judge-recording.ts';
import { target, web } from './targets.ts';

const topology = dualStack(1);
const site = target('site', { at: ['www.example.test'], question: web, from: ['pod'] });

test('cases: a name without a place of its own stands there by the target’s name alone', () => {
  const chosen = settings((draft) => {
    draft.external = [site, target('six', { at: ['2001:db8::1'], from: ['host'] })];
  });
  expect(external.expand(topology, chosen).map(({ id, target: { node } }) => [id, node])).toEqual([
    ['pod-to-external/external/v4 node-1 → site', undefined],
    ['pod-to-external/external/v6 node-1 → site', undefined],
    ['node-to-external/external/v6 node-1 → six', undefined],
  ]);
});

/** What the whole bench makes of one attempt of the first case. */
function verdictOn(attempt: Attempt, asked: TargetSettings = site) {
  const chosen = settings((draft) => {
    draft.external = [asked];
  });
  const cases = external.expand(topology, chosen);
  const [entry] = cases;
  if (entry === undefined) throw new Error('no case');
  const journal = [
    { type: 'observation' as const, observation: { case: entry.id, attempts: [attempt], aimedAt: 'there' } },
  ];
  const { verdict, reason, sentence } = benchFor({ journal, cases }, topology, chosen, [external]).judge(
    entry,
  );
  return { verdict, reason, sentence } satisfies Ruling | { verdict: string };
}

const at = { address: '192.0.2.7' };
const answered = { step: 'answer', ...at, status: 200 };

describe('verdicts', () => {
  test('the answer that was asked for passes, and says what came from where', () => {
    const attempt = {
      outcome: 'reached',
      sent: 1,
      received: 1,
      rttMs: 3.2,
      detail: 'HTTP 200',
      found: answered,
    } as const;
    expect(verdictOn(attempt)).toEqual({
      verdict: 'passed',
      reason: 'proof',
      sentence: 'site (https at 192.0.2.7 port 443): answered HTTP 200 in 3.20 ms',
    });
  });

  test.each([
    ['another status', { ...answered, status: 503 }, 1],
    ['no status', { step: 'answer', ...at }, 1],
    ['only a connection', { step: 'tls', ...at }, 1],
    ['nothing received', answered, 0],
  ])('an agent that says reached, with %s, is not believed', (_what, found, received) => {
    expect(verdictOn({ outcome: 'reached', sent: 1, received, found })).toEqual({
      verdict: 'failed',
      reason: 'wrong-answer',
      sentence: `site (https at 192.0.2.7 port 443): the agent says it was answered, without the answer`,
    });
  });

  test.each<[string, Attempt, string]>([
    [
      'a wrong status',
      {
        outcome: 'wrong-answer',
        detail: 'HTTP 503, expected 200: "no healthy upstream"',
        found: { ...answered, status: 503 },
      },
      'site (https at 192.0.2.7 port 443) did not answer as it must: HTTP 503, expected 200: "no healthy upstream"',
    ],
    [
      'a name that is gone',
      {
        outcome: 'wrong-answer',
        detail: 'cannot resolve www.example.test: ENOTFOUND by 10.96.0.10',
        found: { step: 'resolve' },
      },
      'site cannot be asked: cannot resolve www.example.test: ENOTFOUND by 10.96.0.10',
    ],
    [
      'a name without the family',
      {
        outcome: 'wrong-answer',
        detail: 'www.example.test has no IPv6 address: ENODATA by 10.96.0.10',
        found: { step: 'resolve' },
      },
      'site cannot be asked: www.example.test has no IPv6 address: ENODATA by 10.96.0.10 (if it need not have one: families: [v4])',
    ],
    [
      'a silent name server',
      {
        outcome: 'timed-out',
        detail: 'cannot resolve www.example.test: ETIMEOUT by 10.96.0.10',
        found: { step: 'resolve' },
      },
      'site cannot be asked: cannot resolve www.example.test: ETIMEOUT by 10.96.0.10',
    ],
    [
      'silence',
      { outcome: 'timed-out', detail: 'at 192.0.2.7: no connection', found: { step: 'connect', ...at } },
      'no answer from site at there (at 192.0.2.7: no connection)',
    ],
  ])('%s fails', (_what, attempt, sentence) => {
    expect(verdictOn(attempt)).toEqual({ verdict: 'failed', reason: attempt.outcome, sentence });
  });

  test('a local fault is nobody’s failure', () => {
    const attempt = { outcome: 'unobserved', cause: 'local-fault', detail: 'EMFILE' } as const;
    expect(verdictOn(attempt)).toMatchObject({ verdict: 'errored', reason: 'local-fault' });
  });

  test('a ping with loss passes, and says so', () => {
    const gateway = target('gateway', { at: ['192.0.2.1'], question: { protocol: 'icmp', port: 0 } });
    const found = { step: 'answer', address: '192.0.2.1' };
    const attempt: Attempt = { outcome: 'reached', sent: 3, received: 2, rttMs: 1, found };
    expect(verdictOn(attempt, gateway)).toMatchObject({
      verdict: 'passed',
      sentence: 'gateway (icmp at 192.0.2.1): answered in 1.00 ms, 1 of 3 packets lost',
    });
  });
});
