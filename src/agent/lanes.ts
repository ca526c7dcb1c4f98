import type { Probe } from '../model.ts';

export interface Lanes {
  /** The next probe whose target has room; waits for one. Undefined when none are left. */
  take(): Promise<Probe | undefined>;
  /** Gives back the room that a taken probe had. */
  release(probe: Probe): void;
}

/**
 * One lane per target address, served in turn, so that neither a slow target holds up the others nor more
 * than `perTarget` probes are in flight towards one.
 */
export function lanesOf(probes: readonly Probe[], perTarget: number): Lanes {
  const lanes = Map.groupBy(probes, (probe) => probe.address);
  const inFlight = new Map<string, number>();
  const waiting: ((probe: Probe | undefined) => void)[] = [];
  const turn = [...lanes.keys()];
  let left = probes.length;

  const next = (): Probe | undefined => {
    const address = turn.shift();
    if (address === undefined) return undefined;
    const lane = lanes.get(address) ?? [];
    const probe = lane.shift();
    const busy = (inFlight.get(address) ?? 0) + 1;
    inFlight.set(address, busy);
    if (lane.length > 0 && busy < perTarget) turn.push(address);
    left -= 1;
    return probe;
  };
  return {
    take: () => {
      if (left === 0) return Promise.resolve(undefined);
      const probe = next();
      return probe ? Promise.resolve(probe) : new Promise((resolve) => waiting.push(resolve));
    },
    release: ({ address }) => {
      const busy = inFlight.get(address) ?? 0;
      inFlight.set(address, busy - 1);
      const more = (lanes.get(address) ?? []).length > 0;
      if (busy === perTarget && more) turn.push(address);
      const [waiter] = waiting.splice(0, left > 0 && turn.length > 0 ? 1 : 0);
      waiter?.(next());
      if (left === 0) for (const resolve of waiting.splice(0)) resolve(undefined);
    },
  };
}
