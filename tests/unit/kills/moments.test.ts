import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moments, seeded } from '../../../ci/kills/moments.ts';
import { MENDS, plannedKills, WAYS } from '../../../ci/kills/ways.ts';

test('the same seed gives the same moments, another one others', () => {
  expect(moments(20, seeded(7))).toEqual(moments(20, seeded(7)));
  expect(moments(20, seeded(7))).not.toEqual(moments(20, seeded(8)));
});

test('one moment in each equal part of a life, whatever the seed', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 50 }), (seed, count) => {
      const parts = moments(count, seeded(seed)).map((moment) => Math.floor(moment * count));
      expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, part) => part));
    }),
  );
});

test('a seed draws from the whole of a part, and in no order', () => {
  const drawn = moments(1000, seeded(1));
  const within = drawn.map((moment) => moment * 1000 - Math.floor(moment * 1000));
  expect(Math.min(...within)).toBeLessThan(0.05);
  expect(Math.max(...within)).toBeGreaterThan(0.95);
  expect(drawn).not.toEqual(drawn.toSorted((a, b) => a - b));
});

test('of twenty kills every way is mended in both ways, and equally often', () => {
  const planned = plannedKills(moments(20, seeded(1)));
  const pairs = Map.groupBy(planned, ({ way, mend }) => `${way.name}, ${mend}`);
  expect([...pairs.keys()].sort()).toEqual(
    WAYS.flatMap(({ name }) => MENDS.map((mend) => `${name}, ${mend}`)).sort(),
  );
  for (const members of pairs.values()) expect([2, 3]).toContain(members.length);
});
