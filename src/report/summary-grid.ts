import stringWidth from 'string-width';
import type { CaseVerdict } from '../model.ts';
import { sortedBy } from '../order.ts';
import { type Paint, padEnd, padStart, wrapped } from './layout.ts';
import { legible } from './legible.ts';
import { nodeLines } from './summary-nodes.ts';

const MAX_NODES = 20;

/** Worst first. A skip says nothing about the network, so anything that was judged outweighs it. */
const SYMBOLS = ['F', 'E', '~', '·', 's'] as const;
const LEGEND = '· passed   ~ flaky   F failed   E errored   s only skipped';

type Symbol = (typeof SYMBOLS)[number];

/** Sources down, destinations across, each cell the worst of the pair's cases. Above 20 Nodes a line per Node. */
export function gridOf(
  nodes: readonly string[],
  verdicts: readonly CaseVerdict[],
  paint: Paint,
  width: number,
): string[] {
  if (nodes.length > MAX_NODES) return nodeLines(nodes, verdicts, paint, width);
  const pairs = worstByPair(verdicts);
  const names = sortedBy(
    new Set([...nodes, ...[...pairs].flatMap(([source, row]) => [source, ...row.keys()])]),
    String,
  );
  if (names.length > MAX_NODES) return nodeLines(names, verdicts, paint, width);
  if (pairs.size === 0) return [];
  const labels = names.map(legible);
  const widest = Math.max(...labels.map((label) => stringWidth(label)));
  // Numbers alone, and a key below, where a name would push the cells over the edge or be cut.
  const named = 3 + widest + 3 * names.length <= width;
  const label = (index: number) =>
    padStart(String(index + 1), 2) + (named ? ` ${padEnd(labels[index] ?? '', widest)}` : '');
  const head =
    padEnd('', stringWidth(label(0))) + names.map((_, index) => padStart(String(index + 1), 3)).join('');
  const rows = names.map((source, index) => {
    const cells = names.map((target) => colourOf(pairs.get(source)?.get(target), paint));
    return label(index) + cells.map((cell) => `  ${cell}`).join('');
  });
  const key = named ? [] : labels.flatMap((name, index) => wrapped(`${index + 1} = ${name}`, width, '  '));
  return [
    paint.bold('from node (row) to node (column), the worst of their cases'),
    head,
    ...rows,
    LEGEND,
    ...key,
  ];
}

function worstByPair(verdicts: readonly CaseVerdict[]): Map<string, Map<string, Symbol>> {
  const pairs = new Map<string, Map<string, Symbol>>();
  for (const entry of verdicts) {
    const { source, target } = entry.case;
    if (target.node === undefined) continue;
    const row = pairs.get(source.node) ?? new Map<string, Symbol>();
    pairs.set(source.node, row);
    row.set(target.node, worse(symbolOf(entry), row.get(target.node)));
  }
  return pairs;
}

function symbolOf({ verdict, flaky }: CaseVerdict): Symbol {
  if (verdict === 'passed') return flaky ? '~' : '·';
  return ({ failed: 'F', errored: 'E', skipped: 's' } as const)[verdict];
}

function worse(symbol: Symbol, other: Symbol | undefined): Symbol {
  return other === undefined || SYMBOLS.indexOf(symbol) < SYMBOLS.indexOf(other) ? symbol : other;
}

/** A blank cell: the pair has no case at all. */
function colourOf(symbol: Symbol | undefined, paint: Paint): string {
  if (symbol === undefined) return ' ';
  return { F: paint.red, E: paint.yellow, '~': paint.cyan, '·': paint.green, s: paint.dim }[symbol](symbol);
}
