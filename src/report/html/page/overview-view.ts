import { changesInShort } from './changes.ts';
import { h } from './dom.ts';
import { figures } from './figures.ts';
import { findings } from './findings.ts';
import { heatMap } from './heat-map.ts';
import { trouble } from './trouble.ts';
import type { MakeView } from './view.ts';

/** What a reader sees first: what went wrong, what lies behind it, and where. */
export const overviewView: MakeView = (run) => {
  const map = heatMap(run);
  return {
    element: h(
      'div',
      { class: 'overview' },
      trouble(run.overview),
      changesInShort(run),
      findings(run.overview),
      h('div', { class: 'map-and-figures' }, map.element, figures(run)),
    ),
    update: ({ query }) => map.update(query),
  };
};
