import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Probe } from '../../../src/model.ts';
import { rotated } from '../../../src/plan/rotate.ts';

const probe = (address: string, port: number): Probe => ({
  case: `${address}:${port}`,
  check: 'tcp',
  family: 'v4',
  address,
  port,
  expect: [],
  timeoutMs: 1,
  attempts: 1,
  count: 1,
});

test('neighbours go to different targets, and each source starts elsewhere', () => {
  const probes = ['a', 'b', 'c'].flatMap((address) => [probe(address, 1), probe(address, 2)]);
  const order = (share: number) => rotated(probes, share).map(({ case: id }) => id);
  expect(order(0)).toEqual(['a:1', 'b:1', 'c:1', 'a:2', 'b:2', 'c:2']);
  expect(order(1 / 3)).toEqual(['b:1', 'c:1', 'a:1', 'b:2', 'c:2', 'a:2']);
});

test('whatever the targets, nothing is lost or doubled', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(9))),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (pairs, share) => {
        const probes = pairs.map(([address, port]) => probe(address, port));
        const ids = (list: Probe[]) => list.map(({ case: id }) => id).sort();
        expect(ids(rotated(probes, share))).toEqual(ids(probes));
      },
    ),
  );
});
