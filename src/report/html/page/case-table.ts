import { NONE } from '../format.ts';
import { badge } from './badge.ts';
import { h } from './dom.ts';
import { groupOf, idOf, markAt, type Run, sourceOf, targetOf } from './run.ts';

/** Cases as a table. `link` leads to a case's evidence; `opened` is the one that is shown. */
export function caseTable(
  run: Run,
  rows: Iterable<number>,
  { caption, link, opened = NONE }: { caption: string; link: (id: string) => string; opened?: number },
): HTMLElement {
  const { overview } = run;
  return h(
    'table',
    { class: 'cases' },
    h('caption', { class: 'unseen' }, caption),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['verdict', 'from', 'to', 'path', 'check', 'family', 'why', 'rtt'].map((words) =>
          h('th', { scope: 'col', class: words === 'rtt' ? 'number' : '' }, words),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      Array.from(rows, (row) => {
        const { path, check, family } = groupOf(run, row);
        const rtt = run.rows.rtt[row] ?? NONE;
        const reason = overview.reasons[run.rows.reason[row] ?? NONE] ?? '';
        return h(
          'tr',
          { class: row === opened ? 'opened' : '' },
          h('td', {}, badge(markAt(run, row))),
          h('td', { class: 'name', title: sourceOf(run, row) }, sourceOf(run, row)),
          h(
            'th',
            { scope: 'row' },
            h(
              'a',
              { href: link(idOf(run, row)), 'aria-current': row === opened ? 'true' : undefined },
              targetOf(run, row).name,
            ),
          ),
          h('td', {}, path),
          h('td', {}, check),
          h('td', {}, family),
          h('td', {}, reason === 'proof' ? '' : reason),
          h('td', { class: 'number' }, rtt === NONE ? '' : `${(rtt / 1000).toFixed(2)} ms`),
        );
      }),
    ),
  );
}
