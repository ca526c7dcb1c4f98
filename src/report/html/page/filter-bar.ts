import { MARKS } from '../format.ts';
import { choice, optionsFor } from './choice.ts';
import { fill, h } from './dom.ts';
import { type Filter, NOT_PASSED, UNEXPLAINED } from './filter.ts';
import type { Run } from './run.ts';
import { CHANGE_WORDS, MARK_WORDS } from './signs.ts';

const TITLE_CHARS = 60;
/** Filters that come by links only; each stands below the bar and can be taken off. */
const BY_LINK = ['from', 'to', 'target', 'rule', 'reason'] as const;

/** What the list of cases is narrowed by. `onChange` gets the whole filter. */
export function filterBar(
  run: Run,
  onChange: (filter: Filter) => void,
): { element: HTMLElement; set(filter: Filter): void } {
  let filter: Filter = {};
  const { groups, findings, nodes, comparison } = run.overview;
  const change = (key: string, value: string) =>
    onChange({ ...filter, [key]: value === '' ? undefined : value });
  const kinds = (key: 'path' | 'check' | 'family') =>
    optionsFor(`every ${key}`, groups.map((group) => group[key]).sort());
  const lists: { key: string; options: (readonly [string, string])[] }[] = [
    {
      key: 'verdict',
      options: [
        ['', 'every verdict'],
        [NOT_PASSED, 'failed or errored'],
        ...MARKS.map((mark) => [mark, MARK_WORDS[mark]] as const),
      ],
    },
    { key: 'check', options: kinds('check') },
    { key: 'path', options: kinds('path') },
    { key: 'family', options: kinds('family') },
    {
      key: 'finding',
      options: [
        ['', 'any or none'],
        ...findings.map(({ id, title }, at) => [id, `${at + 1}. ${short(title)}`] as const),
        [UNEXPLAINED, 'in none: unexplained'],
      ],
    },
    ...(comparison === undefined
      ? []
      : [{ key: 'change', options: [['', 'changed or not'] as const, ...Object.entries(CHANGE_WORDS)] }]),
  ];
  const choices = lists.map(({ key, options }) => ({
    key,
    ...choice(key, options, (value) => change(key, value)),
  }));
  const node = h('input', {
    id: 'node',
    list: 'node-names',
    placeholder: 'any',
    autocomplete: 'off',
    onchange: () => change('node', node.value),
  });
  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'words of names, paths, reasons',
    autocomplete: 'off',
    oninput: () => change('q', search.value),
  });
  const chips = h('p', { class: 'chips' });
  const element = h(
    'form',
    {
      role: 'search',
      class: 'switches',
      'aria-label': 'Filter the cases',
      onsubmit: (event: Event) => event.preventDefault(),
    },
    h('div', { class: 'wide' }, h('label', { for: 'search' }, 'search'), search),
    choices.map((each) => each.element),
    h('div', {}, h('label', { for: 'node' }, 'Node, either end'), node),
    h(
      'datalist',
      { id: 'node-names' },
      nodes.map((name) => h('option', { value: name })),
    ),
    chips,
  );

  return {
    element,
    set: (next) => {
      filter = next;
      for (const { key, set } of choices) set(filter[key] ?? '');
      // What is being typed stays as it is.
      if (search.value !== (filter.q ?? '')) search.value = filter.q ?? '';
      if (node.value !== (filter.node ?? '')) node.value = filter.node ?? '';
      const some = Object.values(filter).some((value) => value !== undefined);
      fill(
        chips,
        BY_LINK.filter((key) => filter[key] !== undefined).map((key) =>
          h(
            'button',
            {
              type: 'button',
              class: 'chip',
              'aria-label': `Remove filter ${key} ${filter[key]}`,
              onclick: () => change(key, ''),
            },
            `${key}: ${short(filter[key] ?? '')} ✕`,
          ),
        ),
        some
          ? h(
              'button',
              { type: 'button', class: 'quiet', id: 'clear', onclick: () => onChange({}) },
              'Clear all',
            )
          : undefined,
      );
    },
  };
}

function short(text: string): string {
  return text.length > TITLE_CHARS ? `${text.slice(0, TITLE_CHARS)}…` : text;
}
