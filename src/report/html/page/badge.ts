import type { Mark } from '../format.ts';
import { h } from './dom.ts';
import { SIGNS } from './signs.ts';

/** A verdict by sign, word and colour. */
export function badge(mark: Mark): HTMLElement {
  return h(
    'span',
    { class: `mark ${mark}` },
    h('span', { 'aria-hidden': 'true', class: 'sign' }, SIGNS[mark]),
    ` ${mark}`,
  );
}
