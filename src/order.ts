/** The same order on every machine and in every locale, by UTF-8 bytes: reports of two runs can be diffed. */
export function sortedBy<Item>(items: Iterable<Item>, key: (item: Item) => string): Item[] {
  return [...items].sort((a, b) => bytewise(key(a), key(b)));
}

/** Runs, or what stands for them, the newest first; bytewise by `name` among equals, so that it is never chance. */
export function newestFirst<Item>(
  items: Iterable<Item>,
  startedMs: (item: Item) => number,
  name: (item: Item) => string,
): Item[] {
  return sortedBy(items, name).sort((a, b) => startedMs(b) - startedMs(a));
}

/** Without encoding either text: a report sorts hundreds of thousands of ids. */
export function bytewise(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** UTF-16 sorts what lies beyond U+FFFF (surrogates) before U+E000; UTF-8 sorts it last. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
