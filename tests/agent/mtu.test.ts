import { beforeEach, describe, expect, test } from 'vitest';
import { mtu } from '../../src/checks/mtu.ts';
import { MAX_TRANSFER_BYTES, wishLine } from '../../src/checks/shared/greeting.ts';
import { transfer } from '../../src/checks/shared/transfer.ts';
import type { Probe } from '../../src/model.ts';
import { NONCE, probeOf, startServing, TOKEN } from './agent.ts';
import { attemptOf, replyOf } from './attempts.ts';
import { ipPrints, pingAnswered, pingSilent, standInFor } from './programs.ts';
import { closedPort, nonceIn, tcpStandIn, udpStandIn } from './stand-ins.ts';

const HEADERS = 28;
const route = { dst: '127.0.0.1', dev: 'lo', metrics: [{ mtu: 1450 }] };

beforeEach(async () => {
  await ipPrints(route);
  await standInFor('ping', pingAnswered);
});

function asking(tcpPort: number, udpPort: number, more: Partial<Probe> = {}, expected = 0): Probe {
  const ask = { tcpPort, udpPort, bytes: 65_536, expected };
  return probeOf('mtu', tcpPort, { ask, timeoutMs: 1500, ...more });
}

/** Answers datagrams whose IP packets would be no larger than this. */
const udpUpTo = (size: number) =>
  udpStandIn((text, peer, socket) => {
    if (text.length + HEADERS <= size) socket.send(replyOf(nonceIn(text)), peer.port, peer.address);
  });

test('large packets of every kind reach the real agent, which says so itself', async () => {
  const { tcp, udp } = await startServing();
  expect(await attemptOf(mtu, asking(tcp, udp))).toMatchObject({
    outcome: 'reached',
    responder: { uid: 'uid-a' },
    seen: '127.0.0.1',
    sent: 3,
    received: 3,
    measured: { pathMtu: 1450 },
    found: {
      device: 'lo',
      mtu: 1450,
      udp: { small: true, full: true, fragments: true },
      upload: 'reached',
      download: 'reached',
      ping: { size: 1450, answered: true },
    },
  });
});

test('datagrams are as large as their IP packets must be, headers included', async () => {
  const sizes = new Set<number>();
  const port = await udpStandIn((text) => sizes.add(text.length));
  await attemptOf(mtu, asking(await closedPort(), port, { timeoutMs: 300 }));
  expect([...sizes]).toEqual([768, 1450 - HEADERS, 2900 - HEADERS]);
});

test('a black hole for datagrams is found to the byte', async () => {
  const { tcp } = await startServing();
  await standInFor('ping', pingSilent);
  const attempt = await attemptOf(mtu, asking(tcp, await udpUpTo(1300)));
  expect(attempt).toMatchObject({
    outcome: 'black-hole',
    measured: { pathMtu: 1300 },
    found: { udp: { small: true, full: false, fragments: false }, upload: 'reached' },
  });
});

test('fragments alone that are lost leave the path MTU as it is', async () => {
  const { tcp } = await startServing();
  const attempt = await attemptOf(mtu, asking(tcp, await udpUpTo(1450)));
  expect(attempt).toMatchObject({
    outcome: 'black-hole',
    measured: { pathMtu: 1450 },
    found: { udp: { full: true, fragments: false } },
  });
});

test('a single datagram that is lost is asked again', async () => {
  const { tcp } = await startServing();
  let seen = 0;
  const port = await udpStandIn((text, peer, socket) => {
    seen += 1;
    if (seen !== 2) socket.send(replyOf(nonceIn(text)), peer.port, peer.address);
  });
  expect(await attemptOf(mtu, asking(tcp, port))).toMatchObject({ outcome: 'reached', sent: 4, received: 3 });
});

test('answers that come after all was asked again are late, and no loss', async () => {
  const { tcp } = await startServing();
  const first = new Map<number, string>();
  const port = await udpStandIn((text, peer, socket) => {
    const nonce = first.get(text.length);
    if (nonce === undefined) first.set(text.length, nonceIn(text));
    else socket.send(replyOf(nonce), peer.port, peer.address);
  });
  expect(await attemptOf(mtu, asking(tcp, port))).toMatchObject({ outcome: 'reached', sent: 3, received: 3 });
});

test('TCP that greets and then stalls is a black hole, whatever UDP does', async () => {
  const { udp } = await startServing();
  const tcp = await tcpStandIn((socket) =>
    socket.once('data', (data) => {
      socket.write(replyOf(nonceIn(String(data))));
      socket.pause();
    }),
  );
  expect(await attemptOf(mtu, asking(tcp, udp))).toMatchObject({
    outcome: 'black-hole',
    found: { upload: 'black-hole', download: 'black-hole', udp: { full: true } },
  });
});

test('what a router tells is the path MTU', async () => {
  const { tcp, udp } = await startServing();
  await standInFor(
    'ping',
    `echo "From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1300)"
     echo "2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 200ms"; exit 1`,
  );
  expect(await attemptOf(mtu, asking(tcp, udp))).toMatchObject({
    outcome: 'reached',
    measured: { pathMtu: 1300 },
  });
});

test('an echo that does not come back is told, and does not decide', async () => {
  const { tcp, udp } = await startServing();
  await standInFor('ping', pingSilent);
  expect(await attemptOf(mtu, asking(tcp, udp))).toMatchObject({
    outcome: 'reached',
    measured: { pathMtu: 1450 },
    found: { ping: { answered: false } },
  });
});

test.each([
  ['no way there', undefined],
  ['a device that is not there', { dev: 'nowhere0' }],
])('%s: small packets that pass prove nothing', async (_what, printed) => {
  const { tcp, udp } = await startServing();
  await ipPrints(printed);
  expect(await attemptOf(mtu, asking(tcp, udp))).toMatchObject({
    outcome: 'unobserved',
    cause: 'local-fault',
  });
  expect(await attemptOf(mtu, asking(tcp, udp, {}, 1400))).toMatchObject({
    outcome: 'reached',
    measured: { pathMtu: 1400 },
  });
});

test('an MTU that the kernel has learned is not the device’s', async () => {
  const { tcp, udp } = await startServing();
  await ipPrints({ ...route, expires: 590 });
  const attempt = await attemptOf(mtu, asking(tcp, udp));
  expect(attempt).toMatchObject({ outcome: 'reached', found: { mtu: 65_536 } });
});

test('nobody there is no black hole', async () => {
  const port = await closedPort();
  expect(await attemptOf(mtu, asking(port, port))).toMatchObject({ outcome: 'refused' });
  const silent = await udpStandIn(() => undefined);
  const { tcp } = await startServing();
  expect(await attemptOf(mtu, asking(tcp, silent, { timeoutMs: 300 }))).toMatchObject({
    outcome: 'timed-out',
    received: 0,
  });
});

test('the wrong pod is said to be that', async () => {
  const { tcp, udp } = await startServing();
  const attempt = await attemptOf(mtu, asking(tcp, udp, { expect: ['uid-b'] }));
  expect(attempt).toMatchObject({ outcome: 'wrong-responder', responder: { uid: 'uid-a' } });
});

describe('one transfer', () => {
  const moved = (port: number, kind: 'upload' | 'download', token = TOKEN, bytes = 65_536) =>
    transfer({
      kind,
      bytes,
      address: '127.0.0.1',
      port,
      expect: ['uid-a'],
      timeoutMs: 1500,
      signal: new AbortController().signal,
      token,
      nonce: NONCE,
    });

  test.each(['upload', 'download'] as const)('%s: all bytes, or no pass', async (kind) => {
    const { tcp } = await startServing();
    expect(await moved(tcp, kind)).toMatchObject({ outcome: 'reached', responder: { uid: 'uid-a' } });
  });

  test.each(['upload', 'download'] as const)('%s: nothing at all without the token', async (kind) => {
    const { tcp } = await startServing();
    expect(await moved(tcp, kind, 'fedcba9876543210')).toEqual({
      outcome: 'reset',
      detail: 'closed without an answer',
    });
  });

  test('no more is sent than a mebibyte, whoever asks', async () => {
    const { tcp } = await startServing();
    const attempt = await moved(tcp, 'download', TOKEN, 9_999_999);
    expect(attempt).toMatchObject({ outcome: 'reset', detail: 'closed before 9999999 bytes were moved' });
    expect(wishLine(TOKEN, NONCE, { kind: 'download', bytes: MAX_TRANSFER_BYTES })).toMatch(
      / download 1048576\n$/,
    );
    expect(await moved(tcp, 'download', TOKEN, MAX_TRANSFER_BYTES)).toMatchObject({ outcome: 'reached' });
  });

  test('an upload that is cut is a reset', async () => {
    const port = await tcpStandIn((socket) =>
      socket.once('data', (data) => {
        socket.write(replyOf(nonceIn(String(data))));
        socket.once('data', () => socket.resetAndDestroy());
      }),
    );
    expect(await moved(port, 'upload')).toMatchObject({ outcome: 'reset' });
  });

  test('a receipt for less than was sent is no proof', async () => {
    const port = await tcpStandIn((socket) =>
      socket.once('data', (data) => {
        socket.write(replyOf(nonceIn(String(data))));
        socket.once('data', () => socket.end('{"got":65535}\n'));
      }),
    );
    expect(await moved(port, 'upload')).toMatchObject({ outcome: 'wrong-answer' });
  });
});
