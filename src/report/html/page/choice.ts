import { h } from './dom.ts';

/** A labelled list of which one is chosen; the first, with the empty value, chooses nothing. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, words: string])[],
  onChange: (value: string) => void,
): { element: HTMLElement; set(value: string): void } {
  // One view is in the document at a time.
  const id = `choice-${label.replaceAll(' ', '-')}`;
  const select = h(
    'select',
    { id, onchange: () => onChange(select.value) },
    options.map(([value, words]) => h('option', { value }, words)),
  );
  // As they came: what an attribute must have escaped would no longer name what it stands for.
  for (const [at, [value]] of options.entries())
    (select.options.item(at) ?? select.options[0] ?? new Option()).value = value;
  return {
    element: h('div', {}, h('label', { for: id }, label), select),
    set: (value) => {
      select.value = options.some(([known]) => known === value) ? value : '';
    },
  };
}

/** Every value once, in the order given, after one that stands for all of them. */
export function optionsFor(all: string, values: Iterable<string>): [string, string][] {
  return [
    ['', all],
    ...[...new Set(values)].filter((value) => value !== '').map((value): [string, string] => [value, value]),
  ];
}
