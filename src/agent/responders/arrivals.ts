import type { Remembered } from '../../checks/shared/greeting.ts';

/** As many are some 5 MB here, and under 1 MiB when they are told: what 1000 Nodes ask of one agent is a third of it. */
const MOST = 50_000;

export interface Arrivals {
  note(mark: string): void;
  remembered(): Remembered;
}

/**
 * Which attempts' requests reached this responder, the last 50 000 of them. What had to be forgotten is told by its time, so
 * that nobody takes it for what never came.
 */
export function rememberArrivals(most = MOST, now = () => performance.now()): Arrivals {
  // In the order of their last request: a Map keeps it.
  const cameAt = new Map<string, number>();
  let wholeSince = now();
  return {
    note(mark) {
      cameAt.delete(mark);
      cameAt.set(mark, now());
      if (cameAt.size <= most) return;
      const [oldest] = cameAt;
      if (oldest === undefined) return;
      cameAt.delete(oldest[0]);
      wholeSince = oldest[1];
    },
    remembered: () => ({ marks: [...cameAt.keys()], wholeForMs: now() - wholeSince }),
  };
}
