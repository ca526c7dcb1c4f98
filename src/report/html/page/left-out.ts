import { count, h } from './dom.ts';
import { linkTo } from './route.ts';
import type { Run } from './run.ts';
import { sumOf, talliesBy } from './tallies.ts';
import type { MakeView } from './view.ts';

/** What this run does not say anything about, and why: no reader should take it for tested. */
export const leftOutView: MakeView = (run) => ({
  element: h(
    'div',
    {},
    h('h2', {}, 'Left out'),
    skippedByRule(run),
    excludedNodes(run),
    notes(run),
    notInThisPage(run),
  ),
  update: () => undefined,
});

function skippedByRule(run: Run): HTMLElement {
  const byRule = talliesBy(run, (row) => run.overview.rules[run.rows.rule[row] ?? -1]);
  return h(
    'section',
    { 'aria-labelledby': 'skipped' },
    h('h3', { id: 'skipped' }, 'Cases that a rule left out'),
    byRule.size === 0
      ? h('p', { class: 'faint' }, 'None.')
      : h(
          'ul',
          {},
          [...byRule].map(([rule, tally]) =>
            h(
              'li',
              {},
              h('a', { href: linkTo('cases', { rule }) }, count(sumOf(tally), 'case')),
              `: ${rule}`,
            ),
          ),
        ),
  );
}

function excludedNodes({ overview }: Run): HTMLElement {
  const byRule = Map.groupBy(overview.excluded, ({ rule }) => rule);
  return h(
    'section',
    { 'aria-labelledby': 'excluded' },
    h('h3', { id: 'excluded' }, 'Nodes that were not tested'),
    byRule.size === 0
      ? h('p', { class: 'faint' }, 'None: every Node of the cluster was tested.')
      : h(
          'ul',
          {},
          [...byRule].map(([rule, nodes]) =>
            h('li', {}, `${rule}: ${nodes.map(({ node }) => node).join(', ')}`),
          ),
        ),
  );
}

function notes({ overview }: Run): HTMLElement | undefined {
  if (overview.notes.length === 0) return undefined;
  return h(
    'section',
    { 'aria-labelledby': 'notes' },
    h('h3', { id: 'notes' }, 'Good to know'),
    h(
      'ul',
      {},
      overview.notes.map((note) => h('li', {}, note)),
    ),
  );
}

/** The page never keeps quiet about what it leaves out itself. */
function notInThisPage({ overview }: Run): HTMLElement {
  const missing = overview.cases - overview.evidenceUntil;
  return h(
    'section',
    { 'aria-labelledby': 'page' },
    h('h3', { id: 'page' }, 'What is not in this page'),
    h(
      'ul',
      {},
      missing === 0
        ? undefined
        : h(
            'li',
            { id: 'missing' },
            `The evidence (attempts, sentences) of ${count(missing, 'case')} that passed or were skipped, to keep the page small. They are in the lists, the map and the figures like all others; nothing that failed, errored or was flaky is missing.`,
          ),
      h('li', {}, 'What was read in full (routes, DNS answers) where it passed.'),
    ),
    h('p', {}, h('code', {}, 'verdicts.jsonl'), ' beside this page has everything, a line per case.'),
  );
}
