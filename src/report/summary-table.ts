import { type Counts, folded, type GroupCounts, type VerdictCounts } from './counts.ts';
import { type Paint, padEnd, padStart, shortened, wrapped } from './layout.ts';

const MIN_WIDTH = 80;
const CORNER = 'path.check.family';
const HEADINGS = ['passed', 'failed', 'errored', 'skipped', 'flaky', 'same-node', 'cross-node'] as const;

/** One row per path × check × family (families folded where all is well), a total, and the sum that must hold. Empty without cases. */
export function groupTable({ total, groups }: VerdictCounts, paint: Paint, width: number): string[] {
  if (total.expected === 0) return [];
  const rows = [...folded(groups), total].map((group) => ({
    name: group.name,
    cells: figures(group),
    paint: colourOf(group, paint),
  }));
  const widths = HEADINGS.map((heading, at) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)),
  );
  // The figures are never cut; the name gives way, but not to a narrow terminal, which would leave none of it.
  const left = Math.max(width, MIN_WIDTH) - widths.reduce((all, each) => all + each + 1, 0);
  const column = Math.min(left, Math.max(CORNER.length, ...rows.map((row) => row.name.length)));
  const line = (name: string, cells: readonly string[]) =>
    [
      padEnd(shortened(name, column), column),
      ...cells.map((cell, at) => padStart(cell, widths[at] ?? 0)),
    ].join(' ');
  return [
    paint.bold(line(CORNER, HEADINGS)),
    ...rows.map((row) => row.paint(line(row.name, row.cells))),
    ...wrapped(`expected ${total.expected} = executed ${total.executed} + skipped ${total.skipped}`, width),
  ];
}

function figures({ passed, failed, errored, skipped, flaky, sameNode, crossNode }: GroupCounts): string[] {
  return [...[passed, failed, errored, skipped, flaky].map(String), share(sameNode), share(crossNode)];
}

/** Passed of executed; a dash where nothing was executed, because `0/0` reads like a failure. */
function share({ passed, executed }: Counts): string {
  return executed === 0 ? '-' : `${passed}/${executed}`;
}

function colourOf({ failed, errored }: Counts, paint: Paint): (text: string) => string {
  if (failed > 0) return paint.red;
  return errored > 0 ? paint.yellow : (text) => text;
}
