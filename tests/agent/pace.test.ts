import { expect, test } from 'vitest';
import { pacing } from '../../src/agent/pace.ts';
import { batchOf, probeOf, startBatch } from './agent.ts';
import { tcpStandIn } from './stand-ins.ts';

test('attempts start at most `pace` times a second, without a burst at the start or after a lull', async () => {
  let clock = 1000;
  const waits: number[] = [];
  const paced = pacing(
    10,
    new AbortController().signal,
    () => clock,
    async (ms) => {
      waits.push(ms);
      clock += ms;
    },
  );
  await paced();
  await paced();
  await paced();
  clock += 5000;
  await paced();
  await paced();
  expect(waits).toEqual([100, 100, 100]);
});

test('a server sees no more connections than the pace allows until the deadline', async () => {
  let seen = 0;
  const port = await tcpStandIn((socket) => {
    seen += 1;
    socket.end('no\n');
  });
  const probes = Array.from({ length: 50 }, (_, index) =>
    probeOf('tcp', port, { case: `${index}`, attempts: 3 }),
  );
  const { observations } = await startBatch(batchOf(probes, { pace: 2, deadlineMs: 1200 })).told;
  expect(observations).toHaveLength(50);
  expect(seen).toBeGreaterThanOrEqual(1);
  expect(seen).toBeLessThanOrEqual(3);
});
