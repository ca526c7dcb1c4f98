import { expect, test } from 'vitest';
import { udp } from '../../src/checks/udp.ts';
import { probeOf } from './agent.ts';
import { attemptOf, replyOf } from './attempts.ts';
import { closedPort, nonceIn, udpStandIn } from './stand-ins.ts';

const five = (port: number) => probeOf('udp', port, { count: 5, timeoutMs: 300 });

test('every datagram answered, each once counted although the network doubled it, reaches the pod', async () => {
  const port = await udpStandIn((text, peer, socket) => {
    const reply = replyOf(nonceIn(text));
    socket.send(reply, peer.port, peer.address);
    socket.send(reply, peer.port, peer.address);
  });
  const attempt = await attemptOf(udp, five(port));
  expect(attempt).toMatchObject({ outcome: 'reached', sent: 5, received: 5, responder: { uid: 'uid-a' } });
  expect(attempt.rttMs).toBeGreaterThan(0);
});

test.each([
  ['above the tolerated share is lossy', 39, 'lossy'],
  ['at the tolerated share is reached', 40, 'reached'],
])('loss %s', async (_what, maxLossPercent, outcome) => {
  let seen = 0;
  const port = await udpStandIn((text, peer, socket) => {
    seen += 1;
    if (seen % 5 < 3) socket.send(replyOf(nonceIn(text)), peer.port, peer.address);
  });
  const attempt = await attemptOf(udp, five(port), { maxLossPercent });
  expect(attempt).toMatchObject({ outcome, sent: 5, received: 3 });
});

test('silence times out, with what was sent', async () => {
  const port = await udpStandIn(() => undefined);
  expect(await attemptOf(udp, five(port))).toEqual({ outcome: 'timed-out', sent: 5, received: 0 });
});

test('one answer by another pod among good ones is a wrong responder', async () => {
  let seen = 0;
  const port = await udpStandIn((text, peer, socket) => {
    seen += 1;
    socket.send(replyOf(nonceIn(text), seen === 3 ? 'uid-b' : 'uid-a'), peer.port, peer.address);
  });
  const attempt = await attemptOf(udp, five(port));
  expect(attempt).toMatchObject({ outcome: 'wrong-responder', responder: { uid: 'uid-b' } });
});

test.each([
  ['another nonce', () => replyOf('00'.repeat(16))],
  ['an echo of the request', (request: string) => request],
])('%s is a wrong answer, quoted', async (_what, reply) => {
  const port = await udpStandIn((text, peer, socket) => socket.send(reply(text), peer.port, peer.address));
  const attempt = await attemptOf(udp, five(port));
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', sent: 5, received: 0 });
  expect(attempt.detail).toMatch(/^"/);
});

test('a closed port is refused by the kernel’s ICMP error', async () => {
  // Closed for TCP, and nobody asked for the same number over UDP.
  const attempt = await attemptOf(udp, five(await closedPort()));
  expect(attempt).toMatchObject({ outcome: 'refused', detail: expect.stringContaining('ECONNREFUSED') });
});

test('requests are padded, so that no reply is longer', async () => {
  const sizes: number[] = [];
  const port = await udpStandIn((text) => sizes.push(text.length));
  await attemptOf(udp, five(port));
  expect(sizes).toEqual([768, 768, 768, 768, 768]);
});
