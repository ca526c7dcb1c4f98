import { type NodeFact, onEach, passed, ruled } from './fact.ts';

interface Found {
  /** Null where the Node tracks no connections at all. */
  count: number | null;
  max: number | null;
}

/** A full table drops new connections at random, on this Node only: the classic fault that nobody finds. */
export const conntrack = {
  name: 'conntrack',
  expand: (topology) => onEach(topology, 'conntrack table'),
  reading: {
    ask: () => undefined,
    read: async (host): Promise<Found> => {
      const [count, max] = await Promise.all(
        ['count', 'max'].map((what) => host.proc(`sys/net/netfilter/nf_conntrack_${what}`)),
      );
      return { count: numberOf(count), max: numberOf(max) };
    },
  },
  judge: (_entry, found, { settings }) => {
    const { count, max } = found as Found;
    if (count === null || max === null)
      return passed('the Node tracks no connections: no table that could fill up');
    if (max === 0) return passed(`${count} connections tracked, without a limit`);
    const percent = (100 * count) / max;
    const limit = settings.node.maxConntrackPercent;
    const said = `${count} of ${max} connections are tracked (${percent.toFixed(1)} %)`;
    return ruled(percent > limit ? [`${said}, node.maxConntrackPercent allows ${limit} %`] : [], said);
  },
} as const satisfies NodeFact;

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
