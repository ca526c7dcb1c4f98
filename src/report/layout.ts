import type pc from 'picocolors';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Colours, or none: lines are laid out first and painted then, so that no escape counts as a column. */
export type Paint = ReturnType<typeof pc.createColors>;

/** Padded to `width` terminal columns: a character is not a column where emoji and CJK names are. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** `text` in at most `width` columns, its end replaced by `…` where it does not fit. */
export function shortened(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let short = '';
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    if (stringWidth(short + segment) > width - 1) break;
    short += segment;
  }
  return `${short}…`;
}

/** `text` as lines of at most `width` columns: `indent` before the first, two more columns before the rest. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  // Wrapped for the rest's narrower columns throughout: one pass, and no line is ever too long.
  const columns = Math.max(20, width - indent.length - 2);
  if (stringWidth(text) <= width - indent.length) return [indent + text];
  const [first = '', ...rest] = wrapAnsi(text, columns, { hard: true }).split('\n');
  return [indent + first, ...rest.map((line) => `${indent}  ${line}`)];
}

/** The first `limit` items as lines, then one line that counts what was left out. */
export function capped<Item>(
  items: readonly Item[],
  limit: number,
  lines: (item: Item) => string[],
  more: (count: number) => string,
): string[] {
  const shown = items.slice(0, limit).flatMap(lines);
  return items.length > limit ? [...shown, more(items.length - limit)] : shown;
}
