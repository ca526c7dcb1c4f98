// The real agent asks what is not ours: every kind of question, in one batch.
import { describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.ts';
import { attemptQuestion } from '../../src/checks/shared/question.ts';
import type { Question } from '../../src/model.ts';
import { batchOf, startBatch } from './agent.ts';
import { asking, webQuestion } from './asking.ts';
import { closedPort, httpStandIn, tcpStandIn, udpStandIn } from './stand-ins.ts';

test('each kind of question is answered in its own terms', async () => {
  const web = await httpStandIn((_request, response) => response.end('ok'));
  const busy = await httpStandIn((_request, response) => response.writeHead(503).end('later'));
  const tcp = await tcpStandIn((socket) => socket.pipe(socket));
  const udp = await udpStandIn((text, peer, socket) => socket.send(text, peer.port, peer.address));
  const questions: [name: string, question: Question][] = [
    ['web', webQuestion(web, { body: 'ok' })],
    ['busy', webQuestion(busy)],
    ['tcp', { protocol: 'tcp', port: tcp, send: 'hello', reply: 'hello' }],
    ['udp', { protocol: 'udp', port: udp, send: 'hello' }],
    ['icmp', { protocol: 'icmp', port: 0 }],
    ['closed', { protocol: 'tcp', port: await closedPort() }],
  ];
  const probes = questions.map(([name, question]) => asking(question, { case: name }));
  const { observations, code } = await startBatch(batchOf(probes)).told;
  expect(code).toBe(0);
  const found = new Map(observations.map(({ case: id, attempts }) => [id, attempts.at(-1)]));
  expect(found.get('web')).toMatchObject({ outcome: 'reached', detail: 'HTTP 200' });
  expect(found.get('busy')).toMatchObject({
    outcome: 'wrong-answer',
    detail: 'HTTP 503, expected 200: "later"',
  });
  expect(found.get('tcp')).toMatchObject({ outcome: 'reached', detail: '"hello"' });
  expect(found.get('udp')).toMatchObject({ outcome: 'reached', detail: '"hello"' });
  // Where there is no ping nothing is known about the network; tests/agent/icmp.test.ts has the rest of it.
  expect(found.get('icmp')).toMatchObject({ found: { step: 'answer', address: '127.0.0.1' } });
  expect(found.get('closed')).toMatchObject({ outcome: 'refused' });
});

describe('a name', () => {
  test('is looked up by the agent, and that it cannot be is told as such', async () => {
    // RFC 6761: no server is ever asked for it, c-ares says so itself.
    const probe = asking(
      { protocol: 'tcp', port: 1 },
      {
        address: '',
        ask: { question: { protocol: 'tcp', port: 1 }, lookUp: 'shop.onion' },
      },
    );
    const { observations } = await startBatch(batchOf([probe])).told;
    expect(observations[0]?.attempts[0]).toMatchObject({
      outcome: 'wrong-answer',
      detail: expect.stringMatching(/^cannot resolve shop\.onion: ENOTFOUND by \S+/),
      found: { step: 'resolve' },
    });
  });
});

test('both checks ask so', () => {
  const asks = checks.filter(({ attempt }) => attempt === attemptQuestion).map(({ name }) => name);
  expect(asks).toEqual(['ingress', 'external']);
});
