import { h } from './dom.ts';
import { linkTo } from './route.ts';
import { emptyTally, talliesBy, worseTally } from './tallies.ts';
import { tallyTable } from './tally-table.ts';
import type { MakeView } from './view.ts';

/** Every Node with the cases that it takes part in, the most trouble first. */
export const nodesView: MakeView = (run) => {
  const { nodes, targets, tested } = run.overview;
  const out = talliesBy(run, (row) => nodes[run.rows.source[row] ?? 0]);
  const into = talliesBy(run, (row) => nodes[targets[run.rows.target[row] ?? 0]?.node ?? -1]);
  const rows = nodes.map((name, at) => {
    const [starts, ends] = [out.get(name) ?? emptyTally(), into.get(name) ?? emptyTally()];
    return {
      name,
      tested: at < tested,
      starts,
      ends,
      both: starts.map((count, mark) => count + (ends[mark] ?? 0)),
    };
  });
  const sorted = rows.sort((a, b) => worseTally(a.both, b.both));
  const table = (side: 'from' | 'to', caption: string) =>
    tallyTable(
      caption,
      'Node',
      sorted.map(({ name, tested: isTested, starts, ends }) => ({
        head: [h('a', { href: linkTo('node', {}, name) }, name), isTested ? '' : ' (not tested)'],
        tally: side === 'from' ? starts : ends,
        query: { [side]: name },
      })),
    );
  return {
    element: h(
      'div',
      {},
      h('h2', {}, 'Nodes'),
      h(
        'div',
        { class: 'halves' },
        h(
          'section',
          { 'aria-labelledby': 'from' },
          h('h3', { id: 'from' }, 'Cases from the Node'),
          table('from', 'Cases from each Node'),
        ),
        h(
          'section',
          { 'aria-labelledby': 'to' },
          h('h3', { id: 'to' }, 'Cases to the Node'),
          table('to', 'Cases to each Node'),
        ),
      ),
    ),
    update: () => undefined,
  };
};
