import { expect, test } from 'vitest';
import { http } from '../../src/checks/http.ts';
import { probeOf, TOKEN } from './agent.ts';
import { attemptOf, replyOf } from './attempts.ts';
import { closedPort, httpStandIn, tcpStandIn } from './stand-ins.ts';

const nonceAt = (url: string | undefined) => new URL(url ?? '', 'http://x').searchParams.get('nonce') ?? '';

test('our nonce from an expected pod with 200 reaches it', async () => {
  const asked: (string | undefined)[] = [];
  const port = await httpStandIn((request, response) => {
    asked.push(request.headers.authorization, new URL(request.url ?? '', 'http://x').pathname);
    response.end(replyOf(nonceAt(request.url)));
  });
  const attempt = await attemptOf(http, probeOf('http', port));
  expect(attempt).toMatchObject({ outcome: 'reached', responder: { uid: 'uid-a' }, seen: '127.0.0.1' });
  expect(attempt.rttMs).toBeGreaterThan(0);
  expect(asked).toEqual([`Bearer ${TOKEN}`, '/netaccept/1/who']);
});

test('another pod is a wrong responder', async () => {
  const port = await httpStandIn((request, response) => response.end(replyOf(nonceAt(request.url), 'uid-b')));
  const attempt = await attemptOf(http, probeOf('http', port));
  expect(attempt).toMatchObject({ outcome: 'wrong-responder', responder: { uid: 'uid-b' } });
});

test.each([503, 302, 404, 204])('status %i is a wrong answer, even with the right body', async (status) => {
  const port = await httpStandIn((request, response) => {
    response.writeHead(status, { location: 'http://127.0.0.1:1/' });
    response.end(status === 204 ? undefined : replyOf(nonceAt(request.url)));
  });
  const attempt = await attemptOf(http, probeOf('http', port));
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', detail: `HTTP ${status}` });
});

test('a page of somebody else is a wrong answer, quoted and not read to its end', async () => {
  const port = await httpStandIn((_request, response) => {
    const more = () => response.write('<html>'.repeat(1000), (error) => error ?? more());
    more();
  });
  const attempt = await attemptOf(http, probeOf('http', port));
  expect(attempt).toMatchObject({
    outcome: 'wrong-answer',
    detail: expect.stringContaining('"<html><html>'),
  });
});

test('an answer that is not HTTP is a wrong answer, quoted', async () => {
  const port = await tcpStandIn((socket) => socket.once('data', () => socket.end('220 mail ESMTP\r\n')));
  const attempt = await attemptOf(http, probeOf('http', port));
  expect(attempt).toMatchObject({
    outcome: 'wrong-answer',
    detail: expect.stringMatching(/^not HTTP \(HPE_\w+\): "220 mail ESMTP\\r\\n"$/),
  });
});

test('a closed port is refused, a silent one times out as connected, a hang-up is a reset', async () => {
  const silent = await tcpStandIn(() => undefined);
  const rude = await tcpStandIn((socket) => socket.once('data', () => socket.end()));
  const cut = await httpStandIn((_request, response) => {
    response.writeHead(200, { 'content-length': 500 });
    response.write('{"nonce"', () => response.destroy());
  });
  expect(await attemptOf(http, probeOf('http', await closedPort()))).toMatchObject({ outcome: 'refused' });
  expect(await attemptOf(http, probeOf('http', silent, { timeoutMs: 100 }))).toEqual({
    outcome: 'timed-out',
    detail: 'connected, no answer',
  });
  expect(await attemptOf(http, probeOf('http', rude))).toMatchObject({ outcome: 'reset' });
  expect(await attemptOf(http, probeOf('http', cut))).toMatchObject({ outcome: 'reset' });
});
