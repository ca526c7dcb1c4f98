import type { CaseVerdict, Verdict } from '../model.ts';

/** Cases by verdict. `flaky` ones are a part of `passed`. */
export type VerdictTotals = Record<Verdict | 'flaky', number>;

export function totalsOf(verdicts: readonly Pick<CaseVerdict, 'verdict' | 'flaky'>[]): VerdictTotals {
  const totals = { passed: 0, failed: 0, errored: 0, skipped: 0, flaky: 0 };
  for (const { verdict, flaky } of verdicts) {
    totals[verdict] += 1;
    if (verdict === 'passed' && flaky) totals.flaky += 1;
  }
  return totals;
}
