import { expect, test } from 'vitest';
import { lanesOf } from '../../src/agent/lanes.ts';
import { probeOf } from './agent.ts';

const probes = (addresses: string[]) =>
  addresses.map((address, index) => probeOf('tcp', 1, { case: `${index}`, address }));

test('targets take turns', async () => {
  const lanes = lanesOf(probes(['a', 'a', 'a', 'b', 'c']), 8);
  const order = [];
  for (let probe = await lanes.take(); probe; probe = await lanes.take()) order.push(probe.address);
  expect(order.join('')).toBe('abcaa');
});

test('a full target does not hold up another, and its next probe waits for room', async () => {
  const lanes = lanesOf(probes(['a', 'a', 'a', 'b']), 1);
  const first = await lanes.take();
  expect((await lanes.take())?.address).toBe('b');
  let third: string | undefined;
  const waiting = lanes.take().then((probe) => {
    third = probe?.case;
  });
  await Promise.resolve();
  expect(third).toBeUndefined();
  if (first) lanes.release(first);
  await waiting;
  expect(third).toBe('1');
});

test('those who wait learn when nothing is left', async () => {
  const lanes = lanesOf(probes(['a', 'a']), 1);
  const first = await lanes.take();
  const waiting = [lanes.take(), lanes.take()];
  if (first) lanes.release(first);
  expect((await Promise.all(waiting)).map((probe) => probe?.case)).toEqual(['1', undefined]);
});
