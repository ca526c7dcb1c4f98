import stringWidth from 'string-width';
import type { CaseVerdict } from '../model.ts';
import { type Paint, padEnd, padStart, shortened } from './layout.ts';
import { legible } from './legible.ts';
import { count } from './summary-headline.ts';
import { type NodeTally, nodeTallies, tallyOf, worstNodes } from './worst-nodes.ts';

const NODES_SHOWN = 20;
const MIN_WIDTH = 80;
const HEADINGS = ['out: F', 'E', 'of', 'in: F', 'E', 'of'] as const;

/** Where a grid of all pairs would fill screens: a line for each Node that is in trouble, worst first, out and in. */
export function nodeLines(
  nodes: readonly string[],
  verdicts: readonly CaseVerdict[],
  paint: Paint,
  width: number,
): string[] {
  const tallies = nodeTallies(verdicts);
  if (tallies.size === 0) return [];
  const { worst, others, more } = worstNodes(verdicts, NODES_SHOWN);
  const well = new Set([...nodes, ...tallies.keys()]).size - worst.length - others - more;
  const rest = [
    ...(more === 0 ? [] : [`  … and ${count(more, 'more node')}`]),
    ...(others === 0 ? [] : [`${count(others, 'node')} in trouble only with those above`]),
    ...(well === 0 ? [] : [`${count(well, 'node')} without a failed or errored case`]),
  ];
  if (worst.length === 0) return rest;
  const rows = worst.map((node) => {
    const tally = tallyOf(tallies, node);
    return { name: legible(node), cells: cellsOf(tally), failed: tally.from.failed + tally.to.failed > 0 };
  });
  const widths = HEADINGS.map((heading, at) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)),
  );
  const left = Math.max(width, MIN_WIDTH) - 2 - widths.reduce((sum, each) => sum + each + 2, 0);
  const column = Math.min(left, Math.max(...rows.map(({ name }) => stringWidth(name))));
  const line = (symbol: string, name: string, cells: readonly string[]) =>
    `${symbol} ${padEnd(shortened(name, column), column)}${cells.map((cell, at) => `  ${padStart(cell, widths[at] ?? 0)}`).join('')}`;
  return [
    paint.bold('by node, worst first: its cases that failed (F) or errored (E), out and in'),
    line(' ', '', HEADINGS),
    ...rows.map(({ name, cells, failed }) =>
      failed ? paint.red(line('F', name, cells)) : paint.yellow(line('E', name, cells)),
    ),
    ...rest,
  ];
}

function cellsOf({ from, to }: NodeTally): string[] {
  return [from, to].flatMap(({ failed, errored, judged }) => [failed, errored, judged].map(String));
}
