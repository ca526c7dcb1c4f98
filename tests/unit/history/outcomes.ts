import fc from 'fast-check';
import type { Outcome } from '../../../src/history/outcome.ts';
import type { BaselineCase, Verdict } from '../../../src/model.ts';
import { UGLY } from '../report/results.ts';

export function outcome(cases: BaselineCase[], part: Partial<Outcome> = {}): Outcome {
  return {
    run: 'before',
    started: '2026-11-20T09:00:00.000Z',
    exitCode: 0,
    cluster: 'demo',
    nodes: ['uid-node-1'],
    selection: { only: [], skip: [], nodes: { selector: '', exclude: [] }, hostNetwork: true },
    cases,
    ...part,
  };
}

export function seen(id: string, verdict: Verdict, more: Partial<BaselineCase> = {}): BaselineCase {
  return { id, verdict, ...more };
}

const id = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map((rank) => `pod-to-pod/tcp/v4 node-${rank % 4} → node-${rank}`),
  fc.constantFrom(...Object.values(UGLY)),
  fc.string({ unit: 'binary' }),
);

const oneCase: fc.Arbitrary<BaselineCase> = fc
  .record({
    id,
    verdict: fc.constantFrom<Verdict>('passed', 'failed', 'errored', 'skipped'),
    flaky: fc.boolean(),
    rttMs: fc.option(fc.double({ min: 0, max: 5000, noNaN: true }), { nil: undefined }),
  })
  .map(({ flaky, rttMs, ...rest }) => ({
    ...rest,
    ...(flaky ? { flaky } : {}),
    ...(rttMs === undefined ? {} : { rttMs }),
  }));

/** Any cases, each id once. */
export const someCases = fc.uniqueArray(oneCase, { selector: (entry) => entry.id, maxLength: 40 });
