import { type Child, h } from './dom.ts';

/** Links to the page before and after, and where the reader is; nothing where one page is all. */
export function pagerFor(page: number, pages: number, link: (page: number) => string): Child[] {
  if (pages < 2) return [];
  const step = (to: number, words: string) =>
    to < 1 || to > pages ? h('span', { class: 'faint' }, words) : h('a', { href: link(to) }, words);
  return [
    step(page - 1 === 0 ? 0 : 1, 'First'),
    step(page - 1, 'Previous'),
    h('span', {}, `page ${page.toLocaleString('en')} of ${pages.toLocaleString('en')}`),
    step(page + 1, 'Next'),
    step(page === pages ? 0 : pages, 'Last'),
  ];
}
