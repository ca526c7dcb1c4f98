/** How small the chance must be that a healthy endpoint is called dead because no flow met it. */
const TOLERABLE = 1e-6;

/** The chance that at least one of `endpoints` is met by none of `flows`, each of which picks one at random. */
function chanceOfMissing(endpoints: number, flows: number): number {
  return endpoints * (1 - 1 / endpoints) ** flows;
}

export function isEnough(endpoints: number, flows: number): boolean {
  return flows > 0 && chanceOfMissing(endpoints, flows) < TOLERABLE;
}

/**
 * Flows of one source, at least `wanted`: those of one source per Node are then enough to meet every endpoint. There
 * are two per Node (its pod network and its host network), so half of them may be broken.
 */
export function flowsFor(endpoints: number, nodes: number, wanted: number): number {
  if (endpoints < 2) return wanted;
  const needed = Math.log(TOLERABLE / endpoints) / Math.log(1 - 1 / endpoints);
  return Math.max(wanted, Math.ceil((needed + 1) / Math.max(1, nodes)));
}

/** Flows after which one client would have met a second endpoint, if nobody remembered the first. */
export function flowsInTurnFor(endpoints: number, wanted: number): number {
  if (endpoints < 2) return wanted;
  return Math.max(wanted, 1 + Math.ceil(Math.log(1 / TOLERABLE) / Math.log(endpoints)));
}
