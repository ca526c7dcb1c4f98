// Names and evidence come from clusters and from whatever answered a probe: a line break would forge
// report lines, an escape sequence would drive the reader's terminal, a bidi override would reorder names.
const ESCAPED = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/** What no XML and no UTF-8 file can hold: lone surrogates and the two noncharacters. */
const REPLACED = /[\p{Cs}\uFFFE\uFFFF]/gu;
const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `text` as one line of printable characters: the rest escaped (`\x1b`, `\u202e`), or U+FFFD. */
export function legible(text: string): string {
  return text.replace(ESCAPED, escaped).replace(REPLACED, '\uFFFD');
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return (
    SHORT[character] ?? (code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`)
  );
}

/** At most `limit` characters of `text`, and then how many more there were. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Half a surrogate pair is no character, and no XML can hold it.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return `${text.slice(0, end)} … (cut: ${text.length - end} more characters)`;
}
