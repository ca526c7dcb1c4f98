import type { AllSlower, Slower } from '../model.ts';

/** A case that passed both times, milliseconds. */
export type Timed = Slower;

/** Below a millisecond a round trip is mostly what both ends' schedulers make of it. */
const GROWN_BY = { ratio: 2, ms: 1 };
/** One exchange proves nothing: as many cases must have gone the same way before anything is said of it. */
const WITNESSES = 4;
/** A median of fewer ways says nothing about the network as a whole. */
const ENOUGH_WAYS = 10;

/**
 * The cases that became slower. One exchange can be late for a hundred reasons, but noise only ever adds: of several that
 * went the same way (between the same ends on the same path, whatever their protocol and family) the fastest one shows
 * what the way itself takes. So a way is slower if even its fastest exchange more than doubled, by more than a
 * millisecond, and at least half of its cases did; those are named. On two cores under a load of 25, where every fifth
 * case alone doubled from one run to the next, 0 to 2 of 96 ways were called slower. All is measured from the median
 * growth: if the whole network (or the machine that it is simulated on) got slower, that is said once and not for each pair.
 */
export function slowerSince(all: readonly Timed[]): { slower: Slower[]; allSlower?: AllSlower } {
  const ways = [...Map.groupBy(all, ({ id }) => wayOf(id)).values()]
    .filter((cases) => cases.length >= WITNESSES)
    .map((cases) => ({ cases, fastest: fastestOf(cases) }));
  const known = ways.length >= ENOUGH_WAYS;
  const growth = known ? Math.max(1, median(ways.map(({ fastest }) => growthOf(fastest)))) : 1;
  const slower = ways.flatMap(({ cases, fastest }) => {
    const grown = cases.filter((entry) => grew(entry, growth));
    return grew(fastest, growth) && 2 * grown.length >= cases.length ? grown : [];
  });
  const beforeMs = median(ways.map(({ fastest }) => fastest.beforeMs));
  const afterMs = median(ways.map(({ fastest }) => fastest.afterMs));
  if (!(known && grew({ beforeMs, afterMs }))) return { slower };
  return { slower, allSlower: { beforeMs, afterMs, ways: ways.length } };
}

type Times = Omit<Timed, 'id'>;

/**
 * `pod-to-pod/tcp/v4 node-a → node-b` goes the way of `pod-to-pod/udp/v6 node-a → node-b`; what a DNS server is asked
 * stands behind a colon.
 */
function wayOf(id: string): string {
  const [what = '', ...ends] = id.split(' ');
  const way = [what.split('/')[0], ...ends].join(' ');
  return way.split(': ')[0] ?? way;
}

function fastestOf(cases: readonly Timed[]): Times {
  return {
    beforeMs: Math.min(...cases.map(({ beforeMs }) => beforeMs)),
    afterMs: Math.min(...cases.map(({ afterMs }) => afterMs)),
  };
}

function grew({ beforeMs, afterMs }: Times, growth = 1): boolean {
  const expected = beforeMs * growth;
  return afterMs > GROWN_BY.ratio * expected && afterMs - expected > GROWN_BY.ms;
}

/** A clock may give 0. */
function growthOf({ beforeMs, afterMs }: Times): number {
  return Math.max(afterMs, 0.001) / Math.max(beforeMs, 0.001);
}

/** The lower one of two middles; 0 of nothing. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
