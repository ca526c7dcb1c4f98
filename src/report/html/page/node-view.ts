import { caseTable } from './case-table.ts';
import { fill, h } from './dom.ts';
import { matching } from './filter.ts';
import { card } from './findings.ts';
import { linkTo } from './route.ts';
import type { Run } from './run.ts';
import { talliesBy, worseTally } from './tallies.ts';
import { tallyTable } from './tally-table.ts';
import type { MakeView } from './view.ts';

/** One Node: what is to be said of it, what was found there, and its cases out and in, by check. */
export const nodeView: MakeView = (run) => {
  const element = h('div');
  return {
    element,
    update: ({ name }) =>
      fill(element, run.overview.nodes.includes(name) ? nodePage(run, name) : unknown(run, name)),
  };
};

function unknown({ overview }: Run, name: string): HTMLElement {
  const rule = overview.excluded.find(({ node }) => node === name)?.rule;
  return h(
    'section',
    {},
    h('h2', {}, name),
    h('p', {}, rule === undefined ? 'This run has no such Node.' : `Not tested: ${rule}`),
  );
}

function nodePage(run: Run, name: string): HTMLElement[] {
  const { overview } = run;
  // Notes are sentences for people: "Node worker-1 is cordoned".
  const notes = overview.notes.filter((note) => note.startsWith(`Node ${name} `));
  const findings = overview.findings.filter(({ nodes }) => nodes.includes(name));
  const own = matching(run, { from: name, path: 'on-node' });
  return [
    h('h2', {}, `Node ${name}`),
    h(
      'p',
      {},
      h('a', { href: linkTo('cases', { node: name }) }, 'All its cases'),
      ' · ',
      h('a', { href: linkTo('cases', { node: name, verdict: 'not-passed' }) }, 'those that did not pass'),
    ),
    ...(notes.length === 0
      ? []
      : [
          h(
            'ul',
            { class: 'notes' },
            notes.map((note) => h('li', {}, note)),
          ),
        ]),
    ...(findings.length === 0
      ? []
      : [
          h(
            'section',
            { 'aria-labelledby': 'about' },
            h('h3', { id: 'about' }, 'Findings'),
            h('ol', { class: 'findings' }, findings.map(card)),
          ),
        ]),
    h('div', { class: 'halves' }, side(run, name, 'from'), side(run, name, 'to')),
    ...(own.length === 0
      ? []
      : [
          h(
            'section',
            { 'aria-labelledby': 'itself' },
            h('h3', { id: 'itself' }, 'The Node itself'),
            h(
              'div',
              { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Cases on the Node itself' },
              caseTable(run, own, {
                caption: `Cases on ${name} itself`,
                link: (id) => linkTo('case', {}, id),
              }),
            ),
          ),
        ]),
  ];
}

function side(run: Run, name: string, which: 'from' | 'to'): HTMLElement {
  const isThere = new Set(matching(run, { [which]: name }));
  const { groups } = run.overview;
  const tallies = talliesBy(run, (row) => {
    const { path = '', check = '' } = groups[run.rows.group[row] ?? 0] ?? {};
    return isThere.has(row) && path !== 'on-node' ? `${path} ${check}` : undefined;
  });
  const rows = [...tallies]
    .sort(([, a], [, b]) => worseTally(a, b))
    .map(([key, tally]) => {
      const [path = '', check = ''] = key.split(' ');
      return { head: `${path} · ${check}`, tally, query: { path, check, [which]: name } };
    });
  return h(
    'section',
    { 'aria-labelledby': `side-${which}` },
    h('h3', { id: `side-${which}` }, which === 'from' ? 'Cases from here' : 'Cases to here'),
    tallyTable(`Cases ${which} ${name}, by path and check`, 'path · check', rows),
  );
}
