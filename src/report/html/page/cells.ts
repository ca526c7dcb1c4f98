import { MARKS, NONE } from '../format.ts';
import type { Run } from './run.ts';
import { emptyTally, type Tally } from './tallies.ts';

/** All cases from one Node to one Node. */
export interface Cell {
  tally: Tally;
  /** The worst, into `MARKS`. */
  mark: number;
  /** The longest, the most and the smallest of its cases; `NONE` where nothing was measured. */
  rtt: number;
  loss: number;
  pathMtu: number;
}

/** By `source * nodes + target`, both into `overview.nodes`; a pair without a case has no cell. */
export type Cells = Map<number, Cell>;

/** `rows`: the cases to look at. Those whose target is not at a Node are in no cell. */
export function cellsOf({ rows, overview }: Run, among: Uint32Array): Cells {
  const { targets, nodes } = overview;
  const cells: Cells = new Map();
  for (const row of among) {
    const target = targets[rows.target[row] ?? NONE]?.node;
    if (target === undefined) continue;
    const key = (rows.source[row] ?? 0) * nodes.length + target;
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = { tally: emptyTally(), mark: MARKS.length, rtt: NONE, loss: NONE, pathMtu: NONE };
      cells.set(key, cell);
    }
    const mark = rows.mark[row] ?? 0;
    cell.tally[mark] = (cell.tally[mark] ?? 0) + 1;
    cell.mark = Math.min(cell.mark, mark);
    cell.rtt = Math.max(cell.rtt, rows.rtt[row] ?? NONE);
    cell.loss = Math.max(cell.loss, rows.loss[row] ?? NONE);
    const pathMtu = rows.pathMtu[row] ?? NONE;
    if (pathMtu !== NONE) cell.pathMtu = cell.pathMtu === NONE ? pathMtu : Math.min(cell.pathMtu, pathMtu);
  }
  return cells;
}
