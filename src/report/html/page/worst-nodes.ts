import type { Cells } from './cells.ts';
import { emptyTally, type Tally, worseTally } from './tallies.ts';

/** Nodes by number, those that take part in the most trouble first. */
export function nodesWorstFirst(cells: Cells, nodes: number): number[] {
  const tallies: Tally[] = Array.from({ length: nodes }, emptyTally);
  for (const [key, { tally }] of cells) {
    for (const node of new Set([Math.floor(key / nodes), key % nodes])) {
      const own = tallies[node] ?? [];
      for (const [mark, count] of tally.entries()) own[mark] = (own[mark] ?? 0) + count;
    }
  }
  const [failedAndErrored] = [(tally: Tally | undefined) => (tally ?? emptyTally()).slice(0, 2)];
  return tallies
    .map((_, node) => node)
    .sort((a, b) => worseTally(failedAndErrored(tallies[a]), failedAndErrored(tallies[b])) || a - b);
}
