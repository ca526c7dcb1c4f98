import { describe, expect, test } from 'vitest';
import { askTcp, askUdp } from '../../src/checks/shared/text-exchange.ts';
import type { TextQuestion } from '../../src/model.ts';
import { closedPort, tcpStandIn, udpStandIn } from './stand-ins.ts';

const to = (timeoutMs = 5000) => ({
  address: '127.0.0.1',
  timeoutMs,
  signal: new AbortController().signal,
});
const tcp = (question: Omit<TextQuestion, 'protocol'>, timeoutMs?: number) =>
  askTcp(to(timeoutMs), { protocol: 'tcp', ...question });
const udp = (question: Omit<TextQuestion, 'protocol'>, timeoutMs?: number) =>
  askUdp(to(timeoutMs), { protocol: 'udp', ...question });

describe('tcp', () => {
  test('a bare port is reached when it accepts a connection', async () => {
    const port = await tcpStandIn(() => undefined);
    const attempt = await tcp({ port });
    expect(attempt).toMatchObject({ outcome: 'reached', detail: 'connected', received: 1 });
    expect(attempt.found).toMatchObject({ step: 'answer', address: '127.0.0.1' });
    expect(await tcp({ port: await closedPort() })).toMatchObject({
      outcome: 'refused',
      found: { step: 'connect' },
    });
  });

  test('a greeting is awaited, in as many pieces as it comes', async () => {
    const port = await tcpStandIn((socket) => {
      socket.write('SSH-', () => setImmediate(() => socket.write('2.0-OpenSSH\r\n')));
    });
    expect(await tcp({ port, reply: 'SSH-2.0' })).toMatchObject({
      outcome: 'reached',
      detail: '"SSH-2.0-OpenSSH\\r\\n"',
    });
    expect(await tcp({ port, reply: '220 ' }, 300)).toMatchObject({
      outcome: 'wrong-answer',
      detail: 'expected "220 ", got "SSH-2.0-OpenSSH\\r\\n"',
    });
  });

  test('a text is sent byte by byte, and its answer compared so', async () => {
    const port = await tcpStandIn((socket) =>
      socket.on('data', (data) => socket.end(Buffer.from([...data].reverse()))),
    );
    expect(await tcp({ port, send: '\x00\xff\n', reply: '\n\xff\x00' })).toMatchObject({
      outcome: 'reached',
      detail: '"\\n\\xff\\x00"',
    });
    expect(await tcp({ port, send: 'abc', reply: 'abc' })).toMatchObject({
      outcome: 'wrong-answer',
      detail: 'expected "abc", got "cba"',
    });
    expect(await tcp({ port, send: 'abc' })).toMatchObject({ outcome: 'reached', detail: '"cba"' });
  });

  test('silence and a hang-up are no answer', async () => {
    const silent = await tcpStandIn(() => undefined);
    expect(await tcp({ port: silent, send: 'x' }, 200)).toMatchObject({
      outcome: 'timed-out',
      detail: 'connected, no answer',
    });
    const rude = await tcpStandIn((socket) => socket.end());
    expect(await tcp({ port: rude, reply: 'x' })).toMatchObject({ outcome: 'reset' });
  });
});

describe('udp', () => {
  test('only what comes back proves anything', async () => {
    const port = await udpStandIn((text, peer, socket) =>
      socket.send(`re: ${text}`, peer.port, peer.address),
    );
    expect(await udp({ port, send: 'hi' })).toMatchObject({ outcome: 'reached', detail: '"re: hi"' });
    expect(await udp({ port, send: 'hi', reply: 're: hi' })).toMatchObject({ outcome: 'reached' });
    expect(await udp({ port, send: 'hi', reply: 'ho' })).toMatchObject({
      outcome: 'wrong-answer',
      received: 1,
      detail: 'expected "ho", got "re: hi"',
    });
  });

  test('a closed port and a silent one are told apart', async () => {
    const silent = await udpStandIn(() => undefined);
    expect(await udp({ port: silent, send: 'hi' }, 200)).toMatchObject({ outcome: 'timed-out', received: 0 });
    expect(await udp({ port: await closedPort(), send: 'hi' })).toMatchObject({ outcome: 'refused' });
  });
});
