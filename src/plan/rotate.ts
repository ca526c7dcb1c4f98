import type { Probe } from '../model.ts';

/**
 * The probes grouped so that neighbours go to different targets, starting at `share` (0 to 1) of the
 * ring of targets. Each source starts elsewhere, so no target is dialled by all sources at once: a
 * burst at one listener looks exactly like a lossy network.
 */
export function rotated(probes: readonly Probe[], share: number): Probe[] {
  const byTarget = new Map<string, Probe[]>();
  for (const probe of probes) {
    const list = byTarget.get(probe.address);
    if (list === undefined) byTarget.set(probe.address, [probe]);
    else list.push(probe);
  }
  const ring = [...byTarget.values()];
  const start = Math.floor(share * ring.length);
  const turned = [...ring.slice(start), ...ring.slice(0, start)];
  const result: Probe[] = [];
  for (let round = 0; result.length < probes.length; round++) {
    for (const list of turned) {
      const probe = list[round];
      if (probe !== undefined) result.push(probe);
    }
  }
  return result;
}
