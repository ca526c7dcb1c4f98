/** Nothing that a runner sends comes near this. */
const MAX_DEPTH = 64;

/** Whether a text of JSON is nested too deeply to be worth parsing: every level takes fifty times its one byte. */
export function isNestedDeeply(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (quoted) at += char === '\\' ? 1 : 0;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
