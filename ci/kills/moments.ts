// When to kill: by chance, but the same chance for the same seed. Pure.

/** Numbers from 0 to 1, without 1, the same for the same seed (mulberry32, https://github.com/bryc/code/blob/master/jshash/PRNGs.md). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * So many moments of a life, as shares of it, in random order: one in each of as many equal parts of it, anywhere in that. By chance alone
 * twenty of them would leave out whole phases.
 */
export function moments(count: number, random: () => number): number[] {
  const ordered = Array.from({ length: count }, (_, part) => (part + random()) / count);
  return shuffled(ordered, random);
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
