import { idFrom } from '../columns.ts';
import { evidenceAt } from '../evidence.ts';
import {
  BLOCK_CASES,
  type Block,
  type Columns,
  type Evidence,
  type EvidenceBlock,
  type Group,
  MARKS,
  type Mark,
  type Overview,
  type PackedTarget,
} from '../format.ts';

/** A number per case, by its place among all cases. */
type Rows = Record<keyof Columns, Int32Array>;

/** The run as the page holds it. A case is its place ("row") in the columns: worst first, then by id. */
export interface Run {
  overview: Overview;
  rows: Rows;
  /** Ids that names do not say, by row. */
  ids: ReadonlyMap<number, string>;
  /** What is known of one case; undefined where the page leaves it out. */
  evidence(row: number): Promise<Evidence | undefined>;
}

export function runOf(
  overview: Overview,
  blocks: readonly Block[],
  evidenceBlock: (index: number) => Promise<EvidenceBlock>,
): Run {
  const ids = new Map<number, string>();
  const column = (name: keyof Columns) => {
    const numbers = new Int32Array(overview.cases);
    for (const [index, { columns }] of blocks.entries()) numbers.set(columns[name], index * BLOCK_CASES);
    return numbers;
  };
  for (const [index, block] of blocks.entries()) {
    for (const [at, id] of block.ids) ids.set(index * BLOCK_CASES + at, id);
  }
  const rows: Rows = {
    group: column('group'),
    source: column('source'),
    target: column('target'),
    mark: column('mark'),
    reason: column('reason'),
    finding: column('finding'),
    rule: column('rule'),
    change: column('change'),
    rtt: column('rtt'),
    loss: column('loss'),
    pathMtu: column('pathMtu'),
  };
  return {
    overview,
    rows,
    ids,
    evidence: async (row) => {
      if (row >= overview.evidenceUntil) return undefined;
      return evidenceAt(await evidenceBlock(Math.floor(row / BLOCK_CASES)), row % BLOCK_CASES);
    },
  };
}

export function groupOf({ rows, overview }: Run, row: number): Group {
  return overview.groups[rows.group[row] ?? 0] ?? { path: '', check: '', family: '' };
}

export function sourceOf({ rows, overview }: Run, row: number): string {
  return overview.nodes[rows.source[row] ?? 0] ?? '';
}

export function targetOf({ rows, overview }: Run, row: number): PackedTarget {
  return overview.targets[rows.target[row] ?? 0] ?? { name: '' };
}

export function markAt({ rows }: Run, row: number): Mark {
  return MARKS[rows.mark[row] ?? 0] ?? 'errored';
}

/** The case's id: the same in every run, in every report. */
export function idOf(run: Run, row: number): string {
  return run.ids.get(row) ?? idFrom(groupOf(run, row), sourceOf(run, row), targetOf(run, row).name);
}

/** The case of this id, or -1. */
export function rowOf(run: Run, id: string): number {
  for (let row = 0; row < run.overview.cases; row += 1) if (idOf(run, row) === id) return row;
  return -1;
}
