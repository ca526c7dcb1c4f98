import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slowerSince, type Timed } from '../../../src/history/slower.ts';

const WHATS = ['tcp', 'http', 'udp', 'icmp'].flatMap((check) => [`${check}/v4`, `${check}/v6`]);
const NODES = ['node-1', 'node-2', 'node-3', 'node-4'];

/** Every pair by eight cases, `after` deciding what each takes now; all took 0.4 ms. */
function pairs(after: (id: string) => number): Timed[] {
  return NODES.flatMap((source) =>
    NODES.flatMap((target) =>
      WHATS.map((what) => `pod-to-pod/${what} ${source} → ${target}`).map((id) => ({
        id,
        beforeMs: 0.4,
        afterMs: after(id),
      })),
    ),
  );
}

const idsOf = (all: readonly Timed[]) => slowerSince(all).slower.map(({ id }) => id);

test('a way that became slow: each of its cases, and no other', () => {
  const slow = (id: string) => id.endsWith(' node-1 → node-3');
  const all = pairs((id) => (slow(id) ? 30 : 0.5));
  expect(idsOf(all)).toEqual(all.map(({ id }) => id).filter(slow));
  expect(slowerSince(all).allSlower).toBeUndefined();
});

test('the other way round it is none: what became faster is no news', () => {
  const all = pairs((id) => (id.includes(' node-1 ') ? 30 : 0.4));
  expect(
    idsOf(all.map(({ id, beforeMs, afterMs }) => ({ id, beforeMs: afterMs, afterMs: beforeMs }))),
  ).toEqual([]);
});

test('one Node became slow and another one fast: the slow one is named', () => {
  const slow = (id: string) => id.endsWith('→ node-2');
  const all = pairs((id) => (slow(id) ? 20 : 0.4)).map((entry) =>
    entry.id.endsWith('→ node-3') ? { ...entry, beforeMs: 20 } : entry,
  );
  expect(idsOf(all)).toEqual(all.map(({ id }) => id).filter(slow));
});

test('single late exchanges are noise, however late', () => {
  const late = new Set(['pod-to-pod/tcp/v4 node-1 → node-2', 'pod-to-pod/udp/v6 node-4 → node-1']);
  expect(idsOf(pairs((id) => (late.has(id) ? 1000 : 0.4)))).toEqual([]);
});

test('a way that only one or two cases go is not judged: one exchange proves nothing', () => {
  const vip = (afterMs: number) => [
    { id: 'pod-to-api-server/api-server/v4 node-1 → VIP', beforeMs: 65, afterMs },
    { id: 'pod-to-api-server/api-server/v6 node-1 → VIP', beforeMs: 65, afterMs },
  ];
  expect(idsOf(vip(1023))).toEqual([]);
});

test('what a DNS server is asked goes one way, whatever the question', () => {
  const dns = ['A one', 'AAAA one', 'A two', 'PTR two'].map((question) => ({
    id: `pod-to-dns/dns/v4 node-1 → VIP kube-dns: ${question} by udp`,
    beforeMs: 1,
    afterMs: 15,
  }));
  expect(idsOf(dns)).toHaveLength(4);
});

test('most exchanges of a way late, but one as fast as ever: noise, which only ever adds', () => {
  const fast = 'pod-to-pod/udp/v6 node-1 → node-2';
  const all = pairs((id) => (id.endsWith('node-1 → node-2') && id !== fast ? 300 : 0.4));
  expect(idsOf(all)).toEqual([]);
});

test('a way of which only the fastest kind of exchange got slower is not slow itself', () => {
  const echo = 'pod-to-pod/icmp/v4 node-1 → node-2';
  const all = pairs((id) => (id.endsWith('node-1 → node-2') ? 5 : 0.4)).map((entry) =>
    entry.afterMs === 5 && entry.id !== echo ? { ...entry, beforeMs: 5 } : entry,
  );
  expect(idsOf(all)).toEqual([]);
});

test('doubled within a millisecond is what schedulers do', () => {
  expect(idsOf(pairs((id) => (id.endsWith('node-1 → node-3') ? 1.3 : 0.4)))).toEqual([]);
});

test('everything slower alike is said once; what is slower than that is still named', () => {
  expect(slowerSince(pairs(() => 4))).toEqual({
    slower: [],
    allSlower: { beforeMs: 0.4, afterMs: 4, ways: 16 },
  });
  const slow = (id: string) => id.endsWith(' node-1 → node-3');
  const all = pairs((id) => (slow(id) ? 40 : 4));
  expect(idsOf(all)).toEqual(all.map(({ id }) => id).filter(slow));
});

const timed = fc.array(
  fc
    .record({
      what: fc.constantFrom(...WHATS),
      source: fc.constantFrom(...NODES),
      target: fc.constantFrom(...NODES),
      beforeMs: fc.double({ min: 0, max: 1000, noNaN: true }),
      afterMs: fc.double({ min: 0, max: 1000, noNaN: true }),
    })
    .map(({ what, source, target, ...times }) => ({
      id: `pod-to-pod/${what} ${source} → ${target}`,
      ...times,
    })),
  { maxLength: 80 },
);

test('whatever is called slower more than doubled, by more than a millisecond', () => {
  fc.assert(
    fc.property(timed, (all) => {
      for (const { beforeMs, afterMs } of slowerSince(all).slower) {
        expect(afterMs).toBeGreaterThan(2 * beforeMs);
        expect(afterMs - beforeMs).toBeGreaterThan(1);
      }
    }),
  );
});

test('no growth, or the same growth everywhere, names nobody', () => {
  fc.assert(
    fc.property(timed, fc.double({ min: 0.01, max: 50, noNaN: true }), (all, factor) => {
      const scaled = all.map(({ id, beforeMs }) => ({
        id,
        beforeMs,
        afterMs: beforeMs * Math.min(factor, 1),
      }));
      expect(slowerSince(scaled).slower).toEqual([]);
      const many = pairs(() => 0.4 * factor);
      expect(slowerSince(many).slower).toEqual([]);
    }),
  );
});
