// The page's program: what was read while it loaded is already there; this decodes the run and shows the rest.

import { caseView } from './case-view.ts';
import { casesView } from './cases.ts';
import { changesView } from './changes.ts';
import { fill, h } from './dom.ts';
import { leftOutView } from './left-out.ts';
import { loadRun } from './load.ts';
import { navigation } from './navigation.ts';
import { nodeView } from './node-view.ts';
import { nodesView } from './nodes.ts';
import { overviewView } from './overview-view.ts';
import { routeOf } from './route.ts';
import type { Run } from './run.ts';
import { targetsView } from './targets.ts';
import { themeSwitch } from './theme.ts';
import type { MakeView, View } from './view.ts';

const VIEWS: Record<string, MakeView> = {
  '': overviewView,
  cases: casesView,
  case: caseView,
  nodes: nodesView,
  node: nodeView,
  targets: targetsView,
  'left-out': leftOutView,
  changes: changesView,
};

const main = document.getElementById('main') ?? document.body;
const top = document.getElementById('top') ?? document.body;
document.getElementById('skip')?.addEventListener('click', () => main.focus());
top.append(themeSwitch());
fill(main, h('p', { class: 'loading', role: 'status' }, 'Reading the cases …'));
loadRun().then(start, (error: unknown) => {
  fill(main, h('p', { role: 'alert' }, `This page was cut or changed and cannot be read (${error}).`));
});

function start(run: Run): void {
  const views = new Map<string, View>();
  const nav = navigation(run);
  let shown: string | undefined;
  top.append(nav.element);

  function show(): void {
    const route = routeOf(location.hash);
    const name = VIEWS[route.view] === undefined ? '' : route.view;
    const view = views.get(name) ?? (VIEWS[name] ?? overviewView)(run);
    views.set(name, view);
    nav.mark(name);
    view.update(route);
    if (shown === name && main.contains(view.element)) return;
    fill(main, view.element);
    // The reader who follows a link is where it leads to; who has just opened the page is at its top.
    if (shown !== undefined) {
      main.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    shown = name;
  }

  addEventListener('hashchange', show);
  show();
}
