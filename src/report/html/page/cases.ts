import { NONE } from '../format.ts';
import { caseDetails } from './case-details.ts';
import { caseTable } from './case-table.ts';
import { count, fill, h } from './dom.ts';
import { FILTER_KEYS, type Filter, matching } from './filter.ts';
import { filterBar } from './filter-bar.ts';
import { pagerFor } from './pager.ts';
import { linkTo, type Route } from './route.ts';
import { idOf, rowOf } from './run.ts';
import type { MakeView } from './view.ts';

const PAGE_CASES = 100;

/** Every case, worst first: narrowed by the bar, a page at a time, with one case's evidence beside the list. */
export const casesView: MakeView = (run) => {
  const bar = filterBar(run, (filter) => go(filter));
  const said = h('p', { class: 'said', role: 'status', 'aria-live': 'polite' });
  const list = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'List of cases' });
  const pager = h('nav', { class: 'pager', 'aria-label': 'Pages of cases' });
  const panel = h('aside', { class: 'panel', 'aria-labelledby': 'opened', hidden: true });
  const heading = h('h3', { id: 'opened', tabindex: -1 }, 'Evidence');
  let opened = '';

  function go(filter: Filter): void {
    history.replaceState(null, '', linkTo('cases', filter));
    update({ query: filter });
  }

  function update({ query }: { query: Route['query'] }): void {
    const filter = Object.fromEntries(FILTER_KEYS.map((key) => [key, query[key] || undefined]));
    const found = matching(run, filter);
    const pages = Math.max(1, Math.ceil(found.length / PAGE_CASES));
    const page = Math.min(Math.max(1, Math.trunc(Number(query.page) || 1)), pages);
    const shown = found.subarray((page - 1) * PAGE_CASES, page * PAGE_CASES);
    const row = query.case === undefined ? NONE : rowOf(run, query.case);
    bar.set(filter);
    fill(
      said,
      found.length === 0
        ? 'No case is left by these filters.'
        : `${count(found.length, 'case')}, the worst first`,
    );
    const link = (id: string) => linkTo('cases', { ...query, case: id });
    fill(
      list,
      found.length === 0 ? undefined : caseTable(run, shown, { caption: 'Cases', link, opened: row }),
    );
    fill(
      pager,
      pagerFor(page, pages, (to) => linkTo('cases', { ...query, page: String(to), case: undefined })),
    );
    show(row, query);
  }

  function show(row: number, query: Route['query']): void {
    panel.hidden = row === NONE;
    if (row === NONE) {
      opened = '';
      return;
    }
    const id = idOf(run, row);
    if (id === opened) return;
    opened = id;
    const close = () => {
      location.hash = linkTo('cases', { ...query, case: undefined });
      list.focus();
    };
    fill(
      panel,
      h(
        'div',
        { class: 'panel-head' },
        heading,
        h('a', { href: linkTo('case', {}, id) }, 'Link to this case'),
        h(
          'button',
          { type: 'button', class: 'quiet', onclick: close, 'aria-label': 'Close the evidence' },
          'Close',
        ),
      ),
      caseDetails(run, row),
    );
    heading.focus({ preventScroll: true });
  }

  const element = h(
    'section',
    { 'aria-labelledby': 'cases' },
    h('h2', { id: 'cases' }, 'Cases'),
    bar.element,
    said,
    h('div', { class: 'beside' }, h('div', {}, list, pager), panel),
  );
  return { element, update };
};
