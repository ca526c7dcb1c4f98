import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { quality } from '../../src/checks/quality.ts';
import type { QualityFound } from '../../src/checks/shared/quality-of.ts';
import type { Attempt, Probe } from '../../src/model.ts';
import { probeOf, startServing } from './agent.ts';
import { attemptOf, replyOf } from './attempts.ts';
import { closedPort, hasIPv6, nonceIn, udpStandIn } from './stand-ins.ts';

interface Ask {
  sourcePorts?: number;
  sourcePortBase?: number;
  maxLossPercent?: number;
}

function asking(port: number, ask: Ask = {}, more: Partial<Probe> = {}): Probe {
  const all = { sourcePorts: 5, sourcePortBase: 0, maxLossPercent: 10, maxRttP95Ms: 0, ...ask };
  return probeOf('quality', port, { ask: all, count: 10, timeoutMs: 2000, ...more });
}

const portsOf = ({ found }: Attempt) => (found as QualityFound).ports;

test.skipIf(!hasIPv6).each([
  ['v4', '127.0.0.1'],
  ['v6', '::1'],
] as const)(
  'over %s every datagram to the real agent is answered, on five source ports',
  async (family, address) => {
    const { udp } = await startServing();
    const attempt = await attemptOf(quality, asking(udp, {}, { family, address }));
    expect(attempt).toMatchObject({
      outcome: 'reached',
      sent: 10,
      received: 10,
      responder: { uid: 'uid-a' },
      measured: { lossPercent: 0 },
    });
    const { min = 0, p50 = 0, p95 = 0, max = 0 } = attempt.measured?.rttMs ?? {};
    expect([min, p50, p95, max]).toEqual([min, p50, p95, max].sort((a, b) => a - b));
    expect(min).toBeGreaterThan(0);
    expect(new Set(portsOf(attempt).map(({ port }) => port)).size).toBe(5);
    expect(portsOf(attempt).map(({ sent, received }) => [sent, received])).toEqual(Array(5).fill([2, 2]));
  },
);

/** A port with three free ones above it. */
async function freeBase(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return Math.min(port, 65_000);
}

test('probes to two targets share their source ports, and keep their answers apart', async () => {
  const base = await freeBase();
  const ports = [(await startServing()).udp, (await startServing()).udp];
  const ask = { sourcePorts: 3, sourcePortBase: base };
  const attempts = await Promise.all(ports.map((port) => attemptOf(quality, asking(port, ask))));
  for (const attempt of attempts) {
    expect(attempt).toMatchObject({ outcome: 'reached', received: 10 });
    expect(portsOf(attempt).map(({ port }) => port)).toEqual([base, base + 1, base + 2]);
  }
});

test('a source port that somebody else has is a local fault', async () => {
  const socket = createSocket('udp4').bind(0, '0.0.0.0');
  await once(socket, 'listening');
  const ask = { sourcePortBase: socket.address().port };
  const attempt = await attemptOf(quality, asking(await closedPort(), ask));
  socket.close();
  expect(attempt).toMatchObject({ outcome: 'unobserved', cause: 'local-fault', detail: 'EADDRINUSE bind' });
});

/** Answers what `isHeard` lets through; it is told the sender's rank and how many datagrams it had sent before. */
function picky(isHeard: (sender: number, before: number) => boolean): Promise<number> {
  const senders = new Map<number, number>();
  return udpStandIn((text, peer, socket) => {
    const before = senders.get(peer.port) ?? 0;
    senders.set(peer.port, before + 1);
    const sender = [...senders.keys()].indexOf(peer.port);
    if (isHeard(sender, before)) socket.send(replyOf(nonceIn(text)), peer.port, peer.address);
  });
}

test('a source port on which nothing ever comes back is dead, however much loss is allowed', async () => {
  const port = await picky((sender) => sender !== 2);
  const attempt = await attemptOf(quality, asking(port, { maxLossPercent: 50 }));
  expect(attempt).toMatchObject({ outcome: 'lossy', sent: 10, received: 8 });
  const silent = portsOf(attempt).filter(({ received }) => received === 0);
  expect((attempt.found as QualityFound).dead).toEqual(silent.map((flow) => flow.port));
  expect(silent).toHaveLength(1);
});

test('a source port that only lost its first two datagrams is asked again, and lives', async () => {
  const port = await picky((sender, before) => sender !== 2 || before >= 2);
  const attempt = await attemptOf(quality, asking(port, { maxLossPercent: 50 }));
  expect(attempt).toMatchObject({ outcome: 'reached', received: 8, found: { dead: [] } });
});

test.each([
  [1, 'reached'],
  [2, 'lossy'],
])('of ten datagrams %i lost is %s', async (lost, outcome) => {
  const port = await picky((sender, before) => sender >= lost || before > 0);
  expect(await attemptOf(quality, asking(port))).toMatchObject({ outcome, sent: 10, received: 10 - lost });
});

test('silence and a closed port are told apart', async () => {
  expect(await attemptOf(quality, asking(await udpStandIn(() => undefined)))).toMatchObject({
    outcome: 'timed-out',
    measured: { lossPercent: 100 },
  });
  expect(await attemptOf(quality, asking(await closedPort()))).toMatchObject({
    outcome: 'refused',
    received: 0,
  });
});

test('one answer by another pod decides', async () => {
  const port = await udpStandIn((text, peer, socket) =>
    socket.send(replyOf(nonceIn(text), 'uid-b'), peer.port, peer.address),
  );
  expect(await attemptOf(quality, asking(port))).toMatchObject({
    outcome: 'wrong-responder',
    responder: { uid: 'uid-b' },
  });
});

test('an abort ends it', async () => {
  const controller = new AbortController();
  const port = await udpStandIn(() => controller.abort('deadline'));
  const attempt = await attemptOf(quality, asking(port), { signal: controller.signal });
  expect(attempt).toMatchObject({ outcome: 'unobserved', cause: 'deadline' });
});
