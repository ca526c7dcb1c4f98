import { legible } from '../legible.ts';

/** `text` for between tags and for between quotes, in one line of printable characters. */
export function escaped(text: string): string {
  return legible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
