import { MARKS } from '../format.ts';
import { type Child, h } from './dom.ts';
import { linkTo } from './route.ts';
import { SIGNS } from './signs.ts';
import { sumOf, type Tally } from './tallies.ts';

export interface TallyRow {
  head: Child;
  tally: Tally;
  /** The cases that the row counts: each figure leads to its own. */
  query: Record<string, string | undefined>;
}

/** Rows of figures by verdict. Zeros are dots: what is looked for is what is there. */
export function tallyTable(caption: string, first: string, rows: readonly TallyRow[]): HTMLElement {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      { class: 'tallies' },
      h('caption', { class: 'unseen' }, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, first),
          MARKS.map((mark) =>
            h(
              'th',
              { scope: 'col', class: `mark ${mark}` },
              h('span', { 'aria-hidden': 'true' }, `${SIGNS[mark]} `),
              mark,
            ),
          ),
          h('th', { scope: 'col' }, 'all'),
        ),
      ),
      h('tbody', {}, rows.map(tallyRow)),
    ),
  );
}

function tallyRow({ head, tally, query }: TallyRow): HTMLElement {
  const figure = (count: number, verdict: string | undefined) =>
    count === 0
      ? h('span', { class: 'zero' }, '0')
      : h('a', { href: linkTo('cases', { ...query, verdict }) }, count.toLocaleString('en'));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, head),
    MARKS.map((mark, at) => {
      const some = (tally[at] ?? 0) > 0;
      return h('td', { class: some ? `some ${mark}` : '' }, figure(tally[at] ?? 0, mark));
    }),
    h('td', {}, figure(sumOf(tally), undefined)),
  );
}
