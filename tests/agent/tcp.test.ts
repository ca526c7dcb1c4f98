import { expect, test } from 'vitest';
import { tcp } from '../../src/checks/tcp.ts';
import { probeOf } from './agent.ts';
import { attemptOf, replyOf } from './attempts.ts';
import { closedPort, nonceIn, tcpStandIn } from './stand-ins.ts';

const answers = (reply: (nonce: string) => string) =>
  tcpStandIn((socket) => socket.once('data', (data) => socket.end(reply(nonceIn(String(data))))));

test('our nonce from an expected pod reaches it, with its identity, the seen source and a round trip', async () => {
  const port = await answers((nonce) => replyOf(nonce));
  const attempt = await attemptOf(tcp, probeOf('tcp', port));
  expect(attempt).toMatchObject({
    outcome: 'reached',
    responder: { node: 'node-a', pod: 'netaccept-a1', uid: 'uid-a' },
    seen: '127.0.0.1',
  });
  expect(attempt.rttMs).toBeGreaterThan(0);
});

test('a reply in pieces, and one without a newline at its end, are read whole', async () => {
  const port = await tcpStandIn((socket) =>
    socket.once('data', (data) => {
      const [head, tail] = replyOf(nonceIn(String(data)))
        .trimEnd()
        .split('"uid"');
      socket.write(`${head}`, () => setImmediate(() => socket.end(`"uid"${tail}`)));
    }),
  );
  expect(await attemptOf(tcp, probeOf('tcp', port))).toMatchObject({ outcome: 'reached' });
});

test('our nonce from another pod is a wrong responder, named', async () => {
  const port = await answers((nonce) => replyOf(nonce, 'uid-b'));
  const attempt = await attemptOf(tcp, probeOf('tcp', port));
  expect(attempt).toMatchObject({ outcome: 'wrong-responder', responder: { uid: 'uid-b' } });
});

test('where nobody is expected, whoever answers with our nonce reached us', async () => {
  const port = await answers((nonce) => replyOf(nonce, 'uid-z'));
  expect(await attemptOf(tcp, probeOf('tcp', port, { expect: [] }))).toMatchObject({ outcome: 'reached' });
});

test.each([
  ['another nonce', () => replyOf('00'.repeat(16)), /^"\{\\"nonce\\":\\"0000/],
  ['another program', () => 'SSH-2.0-OpenSSH_9.2\r\n', /^"SSH-2\.0-OpenSSH_9\.2\\r"$/],
  ['bytes without a newline', () => '\x00\x1b[31mred', /^"\\x00\\x1b\[31mred"$/],
  ['more than a reply', () => 'y'.repeat(100_000), /^"y{80}" …$/],
])('%s is a wrong answer, quoted', async (_what, reply, detail) => {
  const port = await answers(reply);
  const attempt = await attemptOf(tcp, probeOf('tcp', port));
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', detail: expect.stringMatching(detail) });
});

test('an answer that never ends is not read to its end', async () => {
  const port = await tcpStandIn((socket) => {
    const more = () => socket.write('y'.repeat(1000), (error) => error ?? more());
    more();
  });
  expect(await attemptOf(tcp, probeOf('tcp', port))).toMatchObject({ outcome: 'wrong-answer' });
});

test('a closed port is refused', async () => {
  const attempt = await attemptOf(tcp, probeOf('tcp', await closedPort()));
  expect(attempt).toEqual({ outcome: 'refused', detail: 'ECONNREFUSED connect' });
});

test('a server that accepts and says nothing times out as connected', async () => {
  const port = await tcpStandIn(() => undefined);
  const attempt = await attemptOf(tcp, probeOf('tcp', port, { timeoutMs: 100 }));
  expect(attempt).toEqual({ outcome: 'timed-out', detail: 'connected, no answer' });
});

test('a server that hangs up is a reset', async () => {
  const port = await tcpStandIn((socket) => socket.once('data', () => socket.end()));
  const attempt = await attemptOf(tcp, probeOf('tcp', port));
  expect(attempt).toEqual({ outcome: 'reset', detail: 'closed without an answer' });
});

test('a connection cut in the middle of the reply is a reset', async () => {
  const port = await tcpStandIn((socket) =>
    socket.once('data', () => socket.write('{"nonce"', () => socket.resetAndDestroy())),
  );
  expect(await attemptOf(tcp, probeOf('tcp', port))).toMatchObject({ outcome: 'reset' });
});

test('an abort says nothing about the network', async () => {
  const port = await tcpStandIn(() => controller.abort('deadline'));
  const controller = new AbortController();
  const attempt = await attemptOf(tcp, probeOf('tcp', port), { signal: controller.signal });
  expect(attempt).toEqual({ outcome: 'unobserved', cause: 'deadline' });
});
