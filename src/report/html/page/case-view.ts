import { caseDetails } from './case-details.ts';
import { fill, h } from './dom.ts';
import { linkTo } from './route.ts';
import { idOf, rowOf, sourceOf, targetOf } from './run.ts';
import type { MakeView } from './view.ts';

/** One case by its id, so that a link to it can be shared: the id is the same in every run. */
export const caseView: MakeView = (run) => {
  const element = h('section', { class: 'one', 'aria-labelledby': 'case' });
  return {
    element,
    update: ({ name }) => {
      const row = rowOf(run, name);
      if (row < 0) {
        fill(
          element,
          h('h2', { id: 'case' }, 'No such case'),
          h('p', {}, 'This run has no case ', h('code', {}, name), '.'),
        );
        return;
      }
      const { node } = targetOf(run, row);
      const to = node === undefined ? undefined : run.overview.nodes[node];
      fill(
        element,
        h('h2', { id: 'case' }, idOf(run, row)),
        caseDetails(run, row),
        to === undefined
          ? undefined
          : h(
              'p',
              {},
              h(
                'a',
                { href: linkTo('cases', { from: sourceOf(run, row), to }) },
                'All cases of this pair of Nodes',
              ),
            ),
      );
    },
  };
};
