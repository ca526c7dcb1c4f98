import type { AllSlower, Slower } from '../model.ts';

/** A case that passed both times, milliseconds. */
export type Timed = Slower;

interface Limits {
  ratio: number;
  ms: number;
}

/** Below a millisecond a round trip is mostly what both ends' schedulers make of it. */
const BEYOND_NOISE: Limits = { ratio: 2, ms: 1 };
/** Where nobody bears witness: what a busy core or a garbage collection costs now and then does not reach this. */
const FAR_BEYOND: Limits = { ratio: 5, ms: 20 };
/** As many cases must have gone the same way before half of them can speak for it. */
const WITNESSES = 4;
/** A median of fewer cases says nothing about the network as a whole. */
const ENOUGH = 20;

/**
 * The cases that became slower. One exchange can be late for a hundred reasons, and a run times a case once or a few
 * times; but a way that became slow is slow for everything that goes it. So a case counts only if its rtt more than
 * doubled, by more than a millisecond, and so did that of at least half of the cases between the same ends on the same
 * path, whatever their protocol and family. Both are measured from the median growth of all cases: if the whole network
 * (or just the machine that it is simulated on) got slower, that is said once and not for every pair.
 */
export function slowerSince(all: readonly Timed[]): { slower: Slower[]; allSlower?: AllSlower } {
  const growth = all.length < ENOUGH ? 1 : Math.max(1, median(all.map(growthOf)));
  const ways = Map.groupBy(all, ({ id }) => wayOf(id));
  const slower = [...ways.values()].flatMap((cases) => {
    if (cases.length < WITNESSES) return cases.filter((entry) => grew(entry, FAR_BEYOND, growth));
    const grown = cases.filter((entry) => grew(entry, BEYOND_NOISE, growth));
    return 2 * grown.length >= cases.length ? grown : [];
  });
  const whole = { beforeMs: median(all.map(before)), afterMs: median(all.map(after)) };
  return all.length >= ENOUGH && grew(whole, BEYOND_NOISE)
    ? { slower, allSlower: { ...whole, cases: all.length } }
    : { slower };
}

function grew({ beforeMs, afterMs }: Omit<Timed, 'id'>, { ratio, ms }: Limits, growth = 1): boolean {
  const expected = beforeMs * growth;
  return afterMs > ratio * expected && afterMs - expected > ms;
}

/** A clock may give 0. */
function growthOf({ beforeMs, afterMs }: Timed): number {
  return Math.max(afterMs, 0.001) / Math.max(beforeMs, 0.001);
}

/** `pod-to-pod/tcp/v4 node-a → node-b` goes the way of `pod-to-pod/udp/v6 node-a → node-b`. */
function wayOf(id: string): string {
  const [what = '', ...ends] = id.split(' ');
  return [what.split('/')[0], ...ends].join(' ');
}

const before = ({ beforeMs }: Timed) => beforeMs;
const after = ({ afterMs }: Timed) => afterMs;

/** The lower one of two middles; 0 of nothing. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
