import { CHANGES, type Overview } from '../format.ts';
import { moment } from '../moment.ts';
import { type Child, count, h } from './dom.ts';
import { linkTo } from './route.ts';
import { idOf, type Run } from './run.ts';
import { CHANGE_WORDS } from './signs.ts';
import { sumOf, talliesBy } from './tallies.ts';
import type { MakeView } from './view.ts';

const LISTED = 200;

/** This run beside the one before it, and what was asked again since it was recorded. */
export const changesView: MakeView = (run) => ({
  element: h('div', {}, h('h2', {}, 'Changes'), comparison(run), resumes(run.overview)),
  update: () => undefined,
});

function comparison(run: Run): HTMLElement | undefined {
  const { comparison: compared } = run.overview;
  if (compared === undefined) return undefined;
  const { against, slower, gone, goneCount } = compared;
  const tallies = talliesBy(run, (row) => CHANGES[run.rows.change[row] ?? 0] || undefined);
  return h(
    'section',
    { 'aria-labelledby': 'since' },
    h('h3', { id: 'since' }, 'Since the run before'),
    h(
      'p',
      { class: 'faint' },
      `run ${against.run}, started ${moment(against.started)}, exit code ${against.exitCode}`,
    ),
    h(
      'ul',
      { class: 'changes' },
      Object.entries(CHANGE_WORDS).map(([change, words]) => {
        const cases = sumOf(tallies.get(change) ?? []);
        return h(
          'li',
          {},
          cases === 0 ? '0 cases' : h('a', { href: linkTo('cases', { change }) }, count(cases, 'case')),
          ` ${words}`,
        );
      }),
    ),
    more(
      'Slower',
      slower,
      ({ row, beforeMs, afterMs }) => {
        const id = idOf(run, row);
        return [
          h('a', { href: linkTo('case', {}, id) }, id),
          `: ${beforeMs.toFixed(2)} → ${afterMs.toFixed(2)} ms`,
        ];
      },
      slower.length,
    ),
    more('Gone', gone, (id) => id, goneCount),
  );
}

function more<Item>(
  title: string,
  items: readonly Item[],
  line: (item: Item) => Child,
  all: number,
): HTMLElement | undefined {
  if (all === 0) return undefined;
  const rest = all - Math.min(items.length, LISTED);
  return h(
    'details',
    {},
    h('summary', {}, `${title}: ${count(all, 'case')}`),
    h(
      'ul',
      {},
      items.slice(0, LISTED).map((item) => h('li', {}, line(item))),
      rest > 0 ? h('li', {}, `… and ${rest.toLocaleString('en')} more`) : undefined,
    ),
  );
}

function resumes({ resumes: all }: Overview): HTMLElement | undefined {
  if (all.length === 0) return undefined;
  return h(
    'section',
    { 'aria-labelledby': 'resumes' },
    h('h3', { id: 'resumes' }, 'Asked again'),
    h(
      'ol',
      {},
      all.map(({ started, seconds, cases, passed }) =>
        h(
          'li',
          {},
          `${moment(started)}: ${count(cases, 'case')} run again in ${seconds.toFixed(1)} s, ${passed.toLocaleString('en')} of them passed`,
        ),
      ),
    ),
  );
}

/** For who opens the page to see whether anything is new: one line, where there was a run before. */
export function changesInShort(run: Run): HTMLElement | undefined {
  if (run.overview.comparison === undefined) return undefined;
  const tallies = talliesBy(run, (row) => CHANGES[run.rows.change[row] ?? 0] || undefined);
  const told = Object.entries(CHANGE_WORDS).filter(([change]) => tallies.has(change));
  return h(
    'p',
    { class: 'since' },
    'Since the run before: ',
    told.length === 0
      ? 'nothing changed'
      : told.map(([change, words], at) => [
          at === 0 ? '' : ' · ',
          h(
            'a',
            { href: linkTo('cases', { change }) },
            `${sumOf(tallies.get(change) ?? []).toLocaleString('en')} ${words}`,
          ),
        ]),
    ' (',
    h('a', { href: linkTo('changes') }, 'all changes'),
    ')',
  );
}
