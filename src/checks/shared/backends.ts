/** One flow in a million misses the one bad backend of two; beyond this many, asking each directly is cheaper. */
const MISSED = 1e-6;
const MOST = 30;

/**
 * Flows through a load-balanced address that are needed to meet each of its backends: kube-proxy chooses one
 * at random for each, so fewer would make the verdict about a single bad backend a matter of luck.
 */
export function flowsFor(backends: number): number {
  if (backends <= 1) return 1;
  return Math.min(MOST, Math.ceil(Math.log(MISSED) / Math.log(1 - 1 / backends)));
}
