import type { BaselineCase, Comparison } from '../model.ts';
import { bytewise, sortedBy } from '../order.ts';
import type { Outcome } from './outcome.ts';
import { isSameSelection } from './selection.ts';
import { slowerSince, type Timed } from './slower.ts';

/**
 * What became of each case since `before`. Where the two were to ask different things (`--only`, `--nodes` …), a case
 * that only one of them asked says nothing about the network: those are counted, not listed.
 */
export function compare(before: Outcome, after: Pick<Outcome, 'cases' | 'selection'>): Comparison {
  const { run, started, exitCode } = before;
  const then = askedById(before.cases);
  const now = askedById(after.cases);
  const other = !isSameSelection(before.selection, after.selection);
  const lists = { newlyBroken: [], fixed: [], stillBroken: [], newlyFlaky: [], added: [] } as Record<
    Change,
    string[]
  >;
  const timed: Timed[] = [];
  for (const [id, entry] of now) {
    const earlier = then.get(id);
    if (other && earlier === undefined) continue;
    const change = changeOf(earlier, entry);
    if (change !== undefined) lists[change].push(id);
    timed.push(...bothTimes(earlier, entry));
  }
  for (const ids of Object.values(lists)) ids.sort(bytewise);
  const gone = [...then.keys()].filter((id) => !now.has(id)).sort(bytewise);
  const { slower, allSlower } = slowerSince(timed);
  return {
    against: { run, started, exitCode },
    ...lists,
    slower: sortedBy(slower, ({ id }) => id),
    ...(allSlower === undefined ? {} : { allSlower }),
    gone: other ? [] : gone,
    ...(other ? { otherSelection: { ...onlyNow(then, now), onlyThen: gone.length } } : {}),
  };
}

type Change = 'newlyBroken' | 'fixed' | 'stillBroken' | 'newlyFlaky' | 'added';

function changeOf(then: BaselineCase | undefined, now: BaselineCase): Change | undefined {
  if (isBroken(now)) return then !== undefined && isBroken(then) ? 'stillBroken' : 'newlyBroken';
  if (then === undefined) return 'added';
  if (isBroken(then)) return 'fixed';
  return now.flaky === true && then.flaky !== true ? 'newlyFlaky' : undefined;
}

/** Failed or errored: not proven either way. */
function isBroken({ verdict }: BaselineCase): boolean {
  return verdict === 'failed' || verdict === 'errored';
}

function askedById(cases: readonly BaselineCase[]): Map<string, BaselineCase> {
  return new Map(cases.filter(({ verdict }) => verdict !== 'skipped').map((entry) => [entry.id, entry]));
}

function bothTimes(then: BaselineCase | undefined, now: BaselineCase): Timed[] {
  if (then?.verdict !== 'passed' || now.verdict !== 'passed') return [];
  if (then.rttMs === undefined || now.rttMs === undefined) return [];
  return [{ id: now.id, beforeMs: then.rttMs, afterMs: now.rttMs }];
}

function onlyNow(then: ReadonlyMap<string, BaselineCase>, now: ReadonlyMap<string, BaselineCase>) {
  const only = [...now.values()].filter(({ id }) => !then.has(id));
  return { onlyNow: only.length, onlyNowBroken: only.filter(isBroken).length };
}
