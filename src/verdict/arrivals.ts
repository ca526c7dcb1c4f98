import type { Arrival, JournalEntry } from '../model.ts';

/**
 * By an attempt's mark and the UIDs of the pods that may have got its requests: whether one of them did. `none` only if each
 * of them says so.
 */
export function arrivalsIn(
  journal: readonly JournalEntry[],
): (mark: string, meant: readonly string[]) => Arrival | undefined {
  const arrived = new Set<string>();
  const absent = new Map<string, Set<string>>();
  for (const entry of journal) {
    if (entry.type !== 'arrivals') continue;
    for (const mark of entry.arrived) arrived.add(mark);
    for (const mark of entry.absent) {
      const by = absent.get(mark) ?? new Set();
      absent.set(mark, by.add(entry.at.uid));
    }
  }
  return (mark, meant) => {
    if (arrived.has(mark)) return 'some';
    const by = absent.get(mark);
    return by !== undefined && meant.length > 0 && meant.every((uid) => by.has(uid)) ? 'none' : undefined;
  };
}
