import { h } from './dom.ts';
import { linkTo } from './route.ts';
import type { Run } from './run.ts';

const PARENTS: Record<string, string> = { case: 'cases', node: 'nodes' };

/** The page's own menu. */
export function navigation({ overview }: Run): { element: HTMLElement; mark(view: string): void } {
  const entries: [string, string][] = [
    ['', 'Overview'],
    ['cases', `Cases ${overview.cases.toLocaleString('en')}`],
    ['nodes', `Nodes ${overview.nodes.length.toLocaleString('en')}`],
    ['targets', 'Other targets'],
    ['left-out', 'Left out'],
    ...(overview.comparison === undefined && overview.resumes.length === 0
      ? []
      : [['changes', 'Changes'] as [string, string]]),
  ];
  const links = entries.map(([view, words]) => ({ view, link: h('a', { href: linkTo(view) }, words) }));
  return {
    element: h(
      'nav',
      { 'aria-label': 'Views' },
      links.map(({ link }) => link),
    ),
    mark: (current) => {
      for (const { view, link } of links) {
        if (view === (PARENTS[current] ?? current)) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
    },
  };
}
