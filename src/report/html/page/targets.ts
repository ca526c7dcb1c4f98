import { h } from './dom.ts';
import { linkTo } from './route.ts';
import type { Run } from './run.ts';
import { type Tally, talliesBy, worseTally } from './tallies.ts';
import { tallyTable } from './tally-table.ts';
import type { MakeView } from './view.ts';

const TARGETS_SHOWN = 200;
const KINDS: Record<string, string> = {
  service: 'Services',
  dns: 'DNS',
  'api-server': 'API server',
  ingress: 'Ingress',
  external: 'Outside the cluster',
};

/** What is not a Node: Services, names, the API server, what was named outside; the most trouble first. */
export const targetsView: MakeView = (run) => ({
  element: h('div', {}, h('h2', {}, 'Other targets'), tables(run)),
  update: () => undefined,
});

function tables(run: Run): HTMLElement[] {
  const { groups, targets } = run.overview;
  const byTarget = talliesBy(run, (row) => {
    const kind = groups[run.rows.group[row] ?? 0]?.path.split('-to-')[1] ?? '';
    return KINDS[kind] === undefined ? undefined : `${kind} ${run.rows.target[row]}`;
  });
  if (byTarget.size === 0) return [h('p', { class: 'faint' }, 'Every case was between Nodes or on one.')];
  const kindOf = ([key]: [string, Tally]) => key.split(' ')[0] ?? '';
  return [...Map.groupBy(byTarget, kindOf)].map(([kind, members]) => {
    const sorted = members
      .sort(([, a], [, b]) => worseTally(a, b))
      .map(([key, tally]) => {
        const name = targets[Number(key.split(' ')[1])]?.name ?? '';
        return {
          head: h('a', { href: linkTo('cases', { target: name }) }, name),
          tally,
          query: { target: name },
        };
      });
    const title = KINDS[kind] ?? kind;
    const place = h('div', {}, tallyTable(title, 'target', sorted.slice(0, TARGETS_SHOWN)));
    const all = h(
      'button',
      { type: 'button', onclick: () => place.replaceChildren(tallyTable(title, 'target', sorted)) },
      `Show all ${sorted.length.toLocaleString('en')}`,
    );
    return h('section', {}, h('h3', {}, title), place, sorted.length > TARGETS_SHOWN ? all : undefined);
  });
}
