import { legible } from '../../legible.ts';
import { MARKS } from '../format.ts';
import type { Cell, Cells } from './cells.ts';
import { h } from './dom.ts';
import { moved } from './grid-keys.ts';
import type { Look, Scale } from './scales.ts';
import { sumOf } from './tallies.ts';

export interface Grid {
  cells: Cells;
  scale: Scale;
  nodes: readonly string[];
  /** Into `nodes`, as they are drawn. */
  sources: readonly number[];
  targets: readonly number[];
}

export interface GridEvents {
  open(source: string, target: string): void;
  /** What the cell under the pointer or the focus says. */
  tell(words: string): void;
}

/** Below this many columns a cell is wide enough for a value. */
const ROOMY = 17;

/** One cell is in the tab order; the arrow keys go from there, as in any grid. */
export function heatGrid({ cells, scale, nodes, sources, targets }: Grid, events: GridEvents): HTMLElement {
  const table = h('table', {
    role: 'grid',
    class: targets.length < ROOMY ? 'grid roomy' : 'grid',
    'aria-label': 'Sources down, destinations across',
    'aria-rowcount': sources.length + 1,
    'aria-colcount': targets.length + 1,
  });
  const name = (node: number | undefined) => legible(nodes[node ?? -1] ?? '');
  const head = h(
    'tr',
    { role: 'row' },
    h('th', { class: 'corner', scope: 'col', role: 'columnheader' }, 'from ↓ to →'),
    targets.map((target) =>
      h('th', { scope: 'col', role: 'columnheader', title: name(target) }, h('span', {}, name(target))),
    ),
  );
  const body = h('tbody');
  for (const source of sources) {
    const row = h(
      'tr',
      { role: 'row' },
      h('th', { scope: 'row', role: 'rowheader', title: name(source) }, name(source)),
    );
    for (const target of targets) {
      const cell = cells.get(source * nodes.length + target);
      row.append(
        cellElement(cell, cell === undefined ? undefined : scale, `${name(source)} to ${name(target)}`),
      );
    }
    body.append(row);
  }
  table.append(h('thead', {}, head), body);

  const cellAt = (row: number, column: number) =>
    body.rows.item(row)?.cells.item(column + 1) as HTMLTableCellElement | null | undefined;
  const placeOf = (target: EventTarget | null) => {
    const cell = target instanceof Element ? target.closest<HTMLTableCellElement>('td[role=gridcell]') : null;
    const row = cell?.parentElement;
    if (!cell || !(row instanceof HTMLTableRowElement)) return undefined;
    return { row: row.sectionRowIndex, column: cell.cellIndex - 1, cell };
  };
  const open = (target: EventTarget | null) => {
    const place = placeOf(target);
    const [source, to] = [nodes[sources[place?.row ?? -1] ?? -1], nodes[targets[place?.column ?? -1] ?? -1]];
    if (source !== undefined && to !== undefined) events.open(source, to);
  };
  let current = cellAt(0, 0);
  if (current) current.tabIndex = 0;

  table.addEventListener('click', (event) => open(event.target));
  table.addEventListener('pointerover', (event) => {
    const place = placeOf(event.target);
    if (place) events.tell(place.cell.getAttribute('aria-label') ?? '');
  });
  table.addEventListener('focusin', (event) => {
    const place = placeOf(event.target);
    if (!place) return;
    if (current) current.tabIndex = -1;
    current = place.cell;
    current.tabIndex = 0;
    events.tell(current.getAttribute('aria-label') ?? '');
  });
  table.addEventListener('keydown', (event) => {
    const place = placeOf(event.target);
    if (!place) return;
    const next = moved(event, place, { rows: sources.length, columns: targets.length });
    if (event.key === 'Enter' || event.key === ' ') open(event.target);
    else if (next === undefined) return;
    else cellAt(next.row, next.column)?.focus();
    event.preventDefault();
  });
  return table;
}

function cellElement(cell: Cell | undefined, scale: Scale | undefined, pair: string): HTMLElement {
  const element = document.createElement('td');
  const look = cell === undefined ? undefined : scale?.look(cell);
  element.setAttribute('role', 'gridcell');
  element.tabIndex = -1;
  element.className = look?.shade ?? 'none';
  element.textContent = look?.sign ?? '';
  element.setAttribute('aria-label', `${pair}: ${cell === undefined ? 'no case' : words(cell, look)}`);
  return element;
}

function words({ tally, rtt, loss, pathMtu }: Cell, look: Look | undefined): string {
  const parts = MARKS.flatMap((mark, at) => ((tally[at] ?? 0) > 0 ? [`${tally[at]} ${mark}`] : []));
  return [
    look === undefined ? 'nothing measured' : spoken(look),
    `${parts.join(', ')} of ${sumOf(tally)}`,
    ...(rtt < 0 ? [] : [`slowest rtt ${(rtt / 1000).toFixed(2)} ms`]),
    ...(loss < 0 ? [] : [`most lost ${loss / 10} %`]),
    ...(pathMtu < 0 ? [] : [`path MTU ${pathMtu}`]),
  ].join('; ');
}

/** A step's number is what stands in the cell: it is said too, so that both are about the same. */
function spoken({ sign, words }: Look): string {
  return Number.isNaN(Number(sign)) ? words : `step ${sign}, ${words}`;
}
