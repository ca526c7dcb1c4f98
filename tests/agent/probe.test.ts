import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Observation } from '../../src/model.ts';
import { batchOf, probeOf, startBatch, startServing } from './agent.ts';
import { tcpStandIn } from './stand-ins.ts';

const outcomes = (observations: Observation[]) =>
  Object.fromEntries(observations.map(({ case: id, attempts }) => [id, attempts.at(-1)?.outcome]));

test('a batch says hello, one observation for each probe, and done; its stdin stays open', async () => {
  const { tcp, http, udp } = await startServing();
  const probes = [probeOf('tcp', tcp), probeOf('http', http), probeOf('udp', udp, { count: 3 })];
  const { lines, observations, code, err } = await startBatch(batchOf(probes)).told;
  expect([code, err]).toEqual([0, '']);
  expect(lines[0]).toEqual({ type: 'hello', wire: 3, node: 'node-a', pod: 'netaccept-a1', uid: 'uid-a' });
  expect(lines.at(-1)).toEqual({ type: 'done', count: 3 });
  expect(lines).toHaveLength(6);
  expect(outcomes(observations)).toEqual({
    [`tcp ${tcp}`]: 'reached',
    [`http ${http}`]: 'reached',
    [`udp ${udp}`]: 'reached',
  });
  const aims = [tcp, http, udp].map((port) => `127.0.0.1:${port}`);
  expect(new Set(observations.map((seen) => seen.aimedAt))).toEqual(new Set(aims));
});

test('attempts go on until one reaches, and all are kept', async () => {
  let asked = 0;
  const flaky = await tcpStandIn((socket) => {
    asked += 1;
    if (asked < 3) socket.end('no\n');
    else socket.end();
  });
  const probes = [probeOf('tcp', flaky, { attempts: 4 })];
  const { observations } = await startBatch(batchOf(probes)).told;
  expect(observations[0]?.attempts.map((attempt) => attempt.outcome)).toEqual([
    'wrong-answer',
    'wrong-answer',
    'reset',
    'reset',
  ]);
  const { tcp } = await startServing();
  const good = await startBatch(batchOf([probeOf('tcp', tcp, { attempts: 4 })])).told;
  expect(good.observations[0]?.attempts).toHaveLength(1);
});

test.each([
  ['garbage', 'GET / HTTP/1.0\n', /^the request is not one line of JSON: /],
  ['nothing that is an object', '[]\n', /^the request is not a JSON object$/],
  ['another wire', '{"wire":1}\n', /^this agent speaks wire 3, the request wire 1: /],
  [
    'fields that are not there or wrong',
    `${JSON.stringify({ ...batchOf([probeOf('tcp', 1, { address: 'web', count: 0 })]), pace: 0 })}\n`,
    /pace must be .*, got 0; rounds\[0\]\.probes\[0\]\.address must be an IP address or empty, got "web"; rounds\[0\]\.probes\[0\]\.count /,
  ],
  [
    'an address of the other family',
    `${JSON.stringify(batchOf([probeOf('tcp', 1, { family: 'v6' })]))}\n`,
    /rounds\[0\]\.probes\[0\]\.address must be of family v6, got 127\.0\.0\.1$/,
  ],
])('%s is refused, with the reason', async (_what, text, reason) => {
  const { lines, code } = await startBatch(text).told;
  expect(lines).toEqual([{ type: 'refused', message: expect.stringMatching(reason) }]);
  expect(code).toBe(3);
});

test('stdin that ends before a line came is refused', async () => {
  const { agent, told } = startBatch('');
  agent.stdin.end();
  expect((await told).lines).toEqual([{ type: 'refused', message: expect.stringContaining('not one line') }]);
});

test('an unknown check is no news about the network, and the batch goes on', async () => {
  const { tcp } = await startServing();
  const { observations, code } = await startBatch(batchOf([probeOf('sctp', 9), probeOf('tcp', tcp)])).told;
  expect(code).toBe(0);
  expect(observations.find(({ case: id }) => id === 'sctp 9')?.attempts).toEqual([
    { outcome: 'unobserved', cause: 'local-fault', detail: 'this agent has no check "sctp"' },
  ]);
  expect(outcomes(observations)).toMatchObject({ [`tcp ${tcp}`]: 'reached' });
});

test('SIGTERM in the middle: what was seen stays, the rest is interrupted, and it says done', async () => {
  const { tcp } = await startServing();
  const silent = await tcpStandIn(() => agent.kill('SIGTERM'));
  const probes = [
    probeOf('tcp', tcp, { case: 'seen' }),
    probeOf('tcp', silent, { case: 'in flight', timeoutMs: 60_000 }),
    ...Array.from({ length: 500 }, (_, index) => probeOf('tcp', silent, { case: `waiting ${index}` })),
  ];
  const { agent, told } = startBatch(batchOf(probes, { concurrency: 1 }));
  const { lines, observations, code } = await told;
  expect([code, lines.at(-1)]).toEqual([0, { type: 'done', count: 502 }]);
  expect(outcomes(observations)).toMatchObject({ seen: 'reached', 'in flight': 'unobserved' });
  const causes = observations.slice(1).map(({ attempts }) => attempts.at(-1)?.cause);
  expect(new Set(causes)).toEqual(new Set(['interrupted']));
  expect(observations).toHaveLength(502);
});

test('stdin that ends in the middle means that the runner is gone: it stops as for SIGTERM', async () => {
  const silent = await tcpStandIn(() => agent.stdin.end());
  const probes = [probeOf('tcp', silent, { timeoutMs: 60_000 }), probeOf('tcp', silent, { case: 'waiting' })];
  const { agent, told } = startBatch(batchOf(probes, { concurrency: 1 }));
  const { observations, code } = await told;
  const interrupted = [{ outcome: 'unobserved', cause: 'interrupted' }];
  expect([code, observations.map((seen) => seen.attempts)]).toEqual([0, [interrupted, interrupted]]);
});

test('at its deadline it writes everything that is left, and says done', async () => {
  const silent = await tcpStandIn(() => undefined);
  const probes = Array.from({ length: 300 }, (_, index) =>
    probeOf('tcp', silent, { case: `${index}`, timeoutMs: 60_000, attempts: 3 }),
  );
  const { lines, observations, code } = await startBatch(batchOf(probes, { deadlineMs: 300 })).told;
  expect([code, lines.at(-1)]).toEqual([0, { type: 'done', count: 300 }]);
  const attempts = observations.flatMap((observation) => observation.attempts);
  expect(attempts).toEqual(Array(300).fill({ outcome: 'unobserved', cause: 'deadline' }));
});

test('without file descriptors left it says so, and not that the network failed', async () => {
  const open: unknown[] = [];
  const silent = await tcpStandIn((socket) => open.push(socket));
  const probes = Array.from({ length: 100 }, (_, index) =>
    probeOf('tcp', silent, { case: `${index}`, timeoutMs: 1000 }),
  );
  const limits = { concurrency: 100, perTarget: 100 };
  const { observations, code } = await startBatch(batchOf(probes, limits), ['prlimit', '--nofile=60']).told;
  expect(code).toBe(0);
  const attempts = observations.flatMap((observation) => observation.attempts);
  const starved = attempts.filter((attempt) => attempt.outcome === 'unobserved');
  expect(starved.length).toBeGreaterThan(0);
  expect(starved).toEqual(
    Array(starved.length).fill({ outcome: 'unobserved', cause: 'local-fault', detail: 'EMFILE connect' }),
  );
  expect(attempts.length - starved.length).toBe(open.length);
});

test('never more in flight than asked for, in all and towards one address', async () => {
  const held: Socket[] = [];
  const most = { all: 0, one: 0 };
  let patience: NodeJS.Timeout | undefined;
  const port = await tcpStandIn((socket) => {
    socket.once('data', () => {
      held.push(socket);
      const addresses = held.map((other) => other.localAddress);
      const here = addresses.filter((address) => address === socket.localAddress).length;
      most.all = Math.max(most.all, held.length);
      most.one = Math.max(most.one, here);
      // Answers to nobody before one more had its time to come.
      clearTimeout(patience);
      patience = setTimeout(() => {
        for (const other of held.splice(0)) other.end('no\n');
      }, 50);
    });
  }, '0.0.0.0');
  const targets = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];
  const probes = targets.flatMap((address) =>
    Array.from({ length: 20 }, (_, index) => probeOf('tcp', port, { case: `${address} ${index}`, address })),
  );
  const { observations } = await startBatch(batchOf(probes, { concurrency: 5, perTarget: 2 })).told;
  expect(observations).toHaveLength(80);
  expect(most).toEqual({ all: 5, one: 2 });
});

test('a reader that hangs up ends the batch', async () => {
  const silent = await tcpStandIn(() => undefined);
  const probes = [
    ...Array.from({ length: 200 }, (_, index) => probeOf('sctp', 9, { case: `${index}` })),
    probeOf('tcp', silent, { timeoutMs: 60_000 }),
  ];
  const { agent } = startBatch(batchOf(probes, { pace: 200 }));
  await once(agent.stdout, 'data');
  agent.stdout.destroy();
  expect(await once(agent, 'exit')).toEqual([1, null]);
});

test('thousands of probes through a slow reader all arrive', async () => {
  const probes = Array.from({ length: 5000 }, (_, index) => probeOf('sctp', 9, { case: `${index}` }));
  const limits = { pace: 1_000_000, concurrency: 64, perTarget: 64 };
  const { agent, told } = startBatch(batchOf(probes, limits));
  agent.stdout.pause();
  setTimeout(() => agent.stdout.resume(), 500);
  const { observations, err, code } = await told;
  expect([new Set(observations.map(({ case: id }) => id)).size, code, err]).toEqual([5000, 0, '']);
});
