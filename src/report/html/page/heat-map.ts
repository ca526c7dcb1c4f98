import { type Cells, cellsOf } from './cells.ts';
import { choice, optionsFor } from './choice.ts';
import { count, fill, h } from './dom.ts';
import { matching } from './filter.ts';
import { type Grid, heatGrid } from './heat-grid.ts';
import { linkTo, type Route } from './route.ts';
import type { Run } from './run.ts';
import { SCALES, type Scale, type ScaleName, scaleOf } from './scales.ts';
import { nodesWorstFirst } from './worst-nodes.ts';

/** Rows and columns at a time: ten thousand cells are what a browser draws and a reader overlooks. */
const WINDOW = 100;
const SWITCHES = ['path', 'check', 'family'] as const;

/** Sources down, destinations across: the whole cluster at one glance, and a way into each pair's cases. */
export function heatMap(run: Run): { element: HTMLElement; update(query: Route['query']): void } {
  const { groups, nodes } = run.overview;
  let query: Route['query'] = {};
  let cells: Cells = new Map();
  let order: number[] = [];
  const from = { source: 0, target: 0 };
  const legend = h('ul', { class: 'legend', 'aria-label': 'Legend' });
  const place = h('div', { class: 'scroll map' });
  const windows = h('div', { class: 'windows' });
  const said = h('p', { class: 'faint', 'aria-live': 'polite' });
  const told = h('p', { class: 'told' }, 'Arrow keys move, Enter lists the cases of a pair.');

  const switches = [
    ...SWITCHES.map((key) => ({
      key,
      ...choice(key, optionsFor(`every ${key}`, groups.map((group) => group[key]).sort()), (value) =>
        change(key, value),
      ),
    })),
    {
      key: 'colour',
      ...choice(
        'coloured by',
        SCALES.map((name) => [name === 'verdict' ? '' : name, name] as const),
        (value) => change('colour', value),
      ),
    },
  ];

  function change(key: string, value: string): void {
    const next = { ...query, [key]: value };
    history.replaceState(null, '', linkTo('', next));
    update(next);
  }

  function update(next: Route['query']): void {
    query = next;
    for (const { key, set } of switches) set(query[key] ?? '');
    const { path, check, family } = query;
    cells = cellsOf(
      run,
      matching(run, { path: path || undefined, check: check || undefined, family: family || undefined }),
    );
    order = nodes.length > WINDOW ? nodesWorstFirst(cells, nodes.length) : [...nodes.keys()];
    draw();
  }

  function draw(): void {
    const scale: Scale = scaleOf((query.colour ?? 'verdict') as ScaleName, cells);
    fill(
      legend,
      scale.legend.map(({ shade, sign, words }) =>
        h('li', {}, h('span', { class: `swatch ${shade}`, 'aria-hidden': 'true' }, sign), words),
      ),
    );
    const cut = (start: number) => order.slice(start, start + WINDOW);
    const grid: Grid = { cells, scale, nodes, sources: cut(from.source), targets: cut(from.target) };
    fill(place, heatGrid(grid, { open, tell: (words) => fill(told, words) }));
    fill(windows, nodes.length > WINDOW ? [pager('source', 'Sources'), pager('target', 'Destinations')] : []);
    const rest = nodes.length > WINDOW ? `, ${WINDOW} × ${WINDOW} at a time, the worst Nodes first` : '';
    fill(
      said,
      cells.size === 0
        ? 'No case between Nodes here.'
        : `${count(cells.size, 'pair')} of Nodes${rest}. A cell is the worst of its cases.`,
    );
  }

  function open(source: string, target: string): void {
    const { path, check, family } = query;
    location.hash = linkTo('cases', { from: source, to: target, path, check, family });
  }

  function pager(side: 'source' | 'target', words: string): HTMLElement {
    const move = (by: number) => () => {
      from[side] = Math.min(Math.max(0, from[side] + by), nodes.length - 1);
      draw();
    };
    const last = Math.min(from[side] + WINDOW, nodes.length);
    return h(
      'p',
      {},
      `${words} ${from[side] + 1}–${last} of ${nodes.length} `,
      h('button', { type: 'button', disabled: from[side] === 0, onclick: move(-WINDOW) }, 'Previous'),
      h('button', { type: 'button', disabled: last === nodes.length, onclick: move(WINDOW) }, 'Next'),
    );
  }

  const element = h(
    'section',
    { 'aria-labelledby': 'map' },
    h('h2', { id: 'map' }, 'From Node to Node'),
    h(
      'div',
      { class: 'switches', role: 'group', 'aria-label': 'What the map shows' },
      switches.map((each) => each.element),
    ),
    said,
    legend,
    windows,
    place,
    told,
  );
  element.hidden = nodes.length === 0;
  return { element, update };
}
