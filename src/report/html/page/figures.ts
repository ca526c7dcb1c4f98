import { h } from './dom.ts';
import type { Run } from './run.ts';
import { talliesBy, worseTally } from './tallies.ts';
import { tallyTable } from './tally-table.ts';

/** How many cases of which kind there were, and what became of them: the worst kind first. */
export function figures(run: Run): HTMLElement | undefined {
  const { groups } = run.overview;
  const all = talliesBy(run, () => 'all').get('all');
  if (all === undefined) return undefined;
  const byKind = talliesBy(run, (row) => {
    const { path = '', check = '' } = groups[run.rows.group[row] ?? 0] ?? {};
    return `${path} ${check}`;
  });
  const rows = [...byKind].sort(([, a], [, b]) => worseTally(a, b));
  return h(
    'section',
    { 'aria-labelledby': 'figures' },
    h('h2', { id: 'figures' }, 'Figures'),
    tallyTable('Cases by path, check and verdict', 'path · check', [
      { head: 'all', tally: all, query: {} },
      ...rows.map(([key, tally]) => {
        const [path = '', check = ''] = key.split(' ');
        return { head: `${path} · ${check}`, tally, query: { path, check } };
      }),
    ]),
  );
}
