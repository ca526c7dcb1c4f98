import type { Overview } from '../format.ts';
import { copyButton, count, h } from './dom.ts';
import { UNEXPLAINED } from './filter.ts';
import { linkTo } from './route.ts';

type PackedFinding = Overview['findings'][number];

/** What lies behind the cases that did not pass, the most telling first. */
export function findings(overview: Overview): HTMLElement {
  const { unexplained } = overview;
  const many = overview.findings.length;
  return h(
    'section',
    { 'aria-labelledby': 'findings' },
    h('h2', { id: 'findings' }, many === 0 ? 'No findings' : count(many, 'finding')),
    many === 0 && unexplained === 0
      ? h('p', { class: 'faint' }, nothingFound(overview))
      : h(
          'ol',
          { class: 'findings' },
          overview.findings.map((finding) => card(finding)),
        ),
    unexplained === 0
      ? undefined
      : h(
          'p',
          {},
          h('a', { href: linkTo('cases', { finding: UNEXPLAINED }) }, count(unexplained, 'case')),
          ' in no finding: unrelated, or a fault that comes and goes.',
        ),
  );
}

/** Silence is told from health. */
function nothingFound({ exitCode }: Overview): string {
  return exitCode === 3 ? 'Nothing was judged.' : 'No case failed, and none was left in doubt.';
}

/** One finding, as a list item that a link can lead to the cases of. */
export function card({
  id,
  title,
  count: cases,
  judged,
  contradicting,
  ...rest
}: PackedFinding): HTMLElement {
  const { confidence, causes, next, nodes } = rest;
  const against = contradicting === 0 ? '' : `, ${contradicting.toLocaleString('en')} against it`;
  return h(
    'li',
    { class: 'finding' },
    h('h3', {}, title),
    h(
      'p',
      { class: 'evidence' },
      h('a', { href: linkTo('cases', { finding: id }) }, count(cases, 'case')),
      ` of ${judged.toLocaleString('en')} in its scope${against} · `,
      h('span', { class: `confidence ${confidence}` }, `confidence ${confidence}`),
      nodes.map((node) => [' · ', h('a', { href: linkTo('node', {}, node) }, node)]),
    ),
    causes.length === 0
      ? undefined
      : h(
          'div',
          { class: 'causes' },
          h('h4', {}, 'Likely'),
          h(
            'ul',
            {},
            causes.map((cause) => h('li', {}, cause)),
          ),
        ),
    next.length === 0
      ? undefined
      : h(
          'div',
          { class: 'next' },
          h('h4', {}, 'Next'),
          next.map((command) => h('p', { class: 'command' }, h('code', {}, command), copyButton(command))),
        ),
  );
}
