import { MARKS } from '../format.ts';
import type { Run } from './run.ts';

/** Cases by mark, in the order of `MARKS`. */
export type Tally = number[];

export function emptyTally(): Tally {
  return MARKS.map(() => 0);
}

/** Cases by mark for each key that `keyOf` gives; a case without a key is not counted. */
export function talliesBy(run: Run, keyOf: (row: number) => string | undefined): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (let row = 0; row < run.overview.cases; row += 1) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const tally = tallies.get(key) ?? emptyTally();
    tallies.set(key, tally);
    const mark = run.rows.mark[row] ?? 0;
    tally[mark] = (tally[mark] ?? 0) + 1;
  }
  return tallies;
}

export function sumOf(tally: Tally): number {
  return tally.reduce((all, each) => all + each, 0);
}

/** Most failed first, then most errored, and so on. */
export function worseTally(a: Tally, b: Tally): number {
  const at = a.findIndex((count, index) => count !== b[index]);
  return at < 0 ? 0 : (b[at] ?? 0) - (a[at] ?? 0);
}
