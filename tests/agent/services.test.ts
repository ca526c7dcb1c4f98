// The check's attempts against real sockets: flows, one exchange with its source address, names, other people's apps.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { services } from '../../src/checks/services.ts';
import type { Ask } from '../../src/checks/shared/services/ask.ts';
import type { Probe } from '../../src/model.ts';
import { batchOf, probeOf, startBatch, startServing } from './agent.ts';
import { attemptOf, replyOf } from './attempts.ts';
import { closedPort, httpStandIn, nonceIn, tcpStandIn, udpStandIn } from './stand-ins.ts';

const probeFor = (ask: Ask, port: number, more: Partial<Probe> = {}) =>
  probeOf('services', port, { ask, expect: [], count: 6, timeoutMs: 900, ...more });

/** A load balancer in one process: answers as one endpoint after the other. */
function endpoints(...uids: string[]) {
  let met = 0;
  return () => uids[met++ % uids.length] ?? '';
}

const balanced = (next: () => string) =>
  tcpStandIn((socket) => socket.once('data', (data) => socket.end(replyOf(nonceIn(String(data)), next()))));

test('the bundled agent answers flows of every protocol, each a connection of its own', async () => {
  const { tcp, http, udp } = await startServing();
  const probes = [
    ...[['tcp', tcp] as const, ['http', http] as const, ['udp', udp] as const].map(([protocol, port]) =>
      probeFor({ how: 'flows', protocol }, port, { case: protocol }),
    ),
    probeFor({ how: 'flows', protocol: 'tcp', inTurn: true }, tcp, { case: 'in turn' }),
    probeFor({ how: 'once', protocol: 'tcp' }, tcp, { case: 'once', count: 1 }),
  ];
  const { observations } = await startBatch(batchOf(probes)).told;
  const seen = new Map(observations.map((one) => [one.case, one.attempts[0]]));
  for (const name of ['tcp', 'http', 'udp', 'in turn']) {
    expect(seen.get(name), name).toMatchObject({
      outcome: 'reached',
      sent: 6,
      received: 6,
      responders: [{ node: 'node-a', pod: 'netaccept-a1', uid: 'uid-a' }],
      found: { flows: 6, answered: 6, by: { 'uid-a': 6 } },
    });
  }
  expect(seen.get('once')).toMatchObject({
    outcome: 'reached',
    seen: '127.0.0.1',
    found: { from: '127.0.0.1' },
  });
});

test('everybody who answered is told, once each, and how often', async () => {
  const port = await balanced(endpoints('uid-a', 'uid-b', 'uid-a'));
  const attempt = await attemptOf(services, probeFor({ how: 'flows', protocol: 'tcp' }, port));
  expect(attempt.responders?.map(({ uid }) => uid).sort()).toEqual(['uid-a', 'uid-b']);
  expect(attempt.found).toEqual({ flows: 6, answered: 6, by: { 'uid-a': 4, 'uid-b': 2 } });
});

test('each flow but the first waits for its turn', async () => {
  const port = await balanced(() => 'uid-a');
  let paced = 0;
  const count = async () => {
    paced += 1;
  };
  await attemptOf(services, probeFor({ how: 'flows', protocol: 'tcp' }, port), { paced: count });
  expect(paced).toBe(5);
});

test('flows that fail decide, and are counted by what happened to them', async () => {
  let met = 0;
  const port = await tcpStandIn((socket) =>
    socket.once('data', (data) => {
      met += 1;
      if (met % 3 === 0) socket.resetAndDestroy();
      else socket.end(replyOf(nonceIn(String(data))));
    }),
  );
  const attempt = await attemptOf(services, probeFor({ how: 'flows', protocol: 'tcp' }, port));
  expect(attempt).toMatchObject({
    outcome: 'reset',
    detail: '2 of 6 flows: reset (ECONNRESET read)',
    responder: { uid: 'uid-a' },
    found: { flows: 6, answered: 4 },
  });
});

test('in turn, the first flow that fails ends it: a dead Service costs one time-out', async () => {
  const probe = probeFor({ how: 'flows', protocol: 'tcp', inTurn: true }, await closedPort());
  expect(await attemptOf(services, probe)).toMatchObject({
    outcome: 'refused',
    found: { flows: 1, answered: 0, by: {} },
    detail: '1 of 6 flows: refused (ECONNREFUSED connect)',
  });
});

test('an abort says nothing about the network', async () => {
  const controller = new AbortController();
  const port = await tcpStandIn(() => controller.abort('deadline'));
  const probe = probeFor({ how: 'flows', protocol: 'tcp' }, port, { timeoutMs: 5000 });
  const attempt = await attemptOf(services, probe, { signal: controller.signal });
  expect(attempt).toMatchObject({ outcome: 'unobserved', cause: 'deadline' });
});

test('a lost datagram is sent again from the same socket: one flow, and told as loss', async () => {
  const heard = new Map<number, Set<string>>();
  const port = await udpStandIn((text, peer, socket) => {
    const nonces = heard.get(peer.port);
    heard.set(peer.port, (nonces ?? new Set()).add(nonceIn(text)));
    // The first datagram of every flow is lost.
    if (nonces !== undefined) socket.send(replyOf(nonceIn(text)), peer.port, peer.address);
  });
  const attempt = await attemptOf(services, probeFor({ how: 'flows', protocol: 'udp' }, port));
  expect(attempt).toMatchObject({
    outcome: 'reached',
    sent: 12,
    received: 6,
    found: { flows: 6, answered: 6 },
  });
  // Each by a nonce of its own: the answer says to which.
  expect([...heard.values()].map((nonces) => nonces.size)).toEqual(Array(6).fill(2));
});

test('an answer that comes after the datagram was sent again is late, and no loss', async () => {
  const first = new Map<number, string>();
  const port = await udpStandIn((text, peer, socket) => {
    const nonce = first.get(peer.port);
    if (nonce === undefined) first.set(peer.port, nonceIn(text));
    else socket.send(replyOf(nonce), peer.port, peer.address);
  });
  const attempt = await attemptOf(services, probeFor({ how: 'flows', protocol: 'udp' }, port));
  expect(attempt).toMatchObject({ outcome: 'reached', sent: 6, received: 6 });
});

test('a UDP flow that nobody answers was asked three times; one at a closed port is refused at once', async () => {
  let heard = 0;
  const port = await udpStandIn(() => {
    heard += 1;
  });
  const silent = probeFor({ how: 'flows', protocol: 'udp' }, port, { count: 2 });
  expect(await attemptOf(services, silent)).toMatchObject({ outcome: 'timed-out', sent: 6, received: 0 });
  expect(heard).toBe(6);
  const closed = probeFor({ how: 'flows', protocol: 'udp' }, await closedPort(), { count: 2 });
  expect(await attemptOf(services, closed)).toMatchObject({ outcome: 'refused', received: 0 });
});

const app = (more: Partial<Extract<Ask, { how: 'app' }>>, port: number) =>
  probeFor({ how: 'app', protocol: 'http', ...more }, port, { count: 1 });

const shop = () =>
  httpStandIn(({ url, headers }, response) => {
    response.statusCode = url === '/cart' && headers.host === 'shop.example.org' ? 200 : 404;
    response.end('the shop, grüße');
  });

test.each([
  ['path and Host header', { path: '/cart', host: 'shop.example.org' }, 'reached', 'HTTP 200'],
  ['a status that was expected', { path: '/', status: 404 }, 'reached', 'HTTP 404'],
  ['a 404 that was not expected', { path: '/' }, 'wrong-answer', 'HTTP 404, expected 200'],
  [
    'a body that contains what it must',
    { path: '/cart', host: 'shop.example.org', body: 'grüße' },
    'reached',
    'HTTP 200, with the expected body',
  ],
  [
    'a body that does not',
    { path: '/cart', host: 'shop.example.org', body: 'sold out' },
    'wrong-answer',
    'HTTP 200, but the body does not contain "sold out": "the shop, gr\\xc3\\xbc\\xc3\\x9fe"',
  ],
] as const)('an app by HTTP: %s', async (_what, ask, outcome, detail) => {
  expect(await attemptOf(services, app(ask, await shop()))).toMatchObject({ outcome, detail });
});

test('an app by HTTP that speaks something else is a wrong answer', async () => {
  const port = await tcpStandIn((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  expect(await attemptOf(services, app({}, port))).toMatchObject({ outcome: 'wrong-answer' });
});

test('an app that never answers times out, by HTTP; by TCP its connection is enough', async () => {
  const port = await tcpStandIn(() => undefined);
  expect(await attemptOf(services, app({}, port))).toMatchObject({ outcome: 'timed-out' });
  expect(await attemptOf(services, app({ protocol: 'tcp' }, port))).toMatchObject({
    outcome: 'reached',
    detail: 'the connection was accepted',
  });
  expect(await attemptOf(services, app({ protocol: 'tcp' }, await closedPort()))).toMatchObject({
    outcome: 'refused',
  });
});

test('an app by UDP: any reply will do, and silence will not', async () => {
  const port = await udpStandIn((text, peer, socket) => {
    if (text === 'now?') socket.send('12:00', peer.port, peer.address);
  });
  const asked = await attemptOf(services, app({ protocol: 'udp', send: 'now?' }, port));
  expect(asked).toMatchObject({ outcome: 'reached', detail: 'a datagram came back: "12:00"' });
  expect(await attemptOf(services, app({ protocol: 'udp', send: 'x' }, port))).toMatchObject({
    outcome: 'timed-out',
    sent: 3,
  });
});

test('an address that is a name is looked up; one that nobody knows is no way', async () => {
  const server = createServer((_, response) => response.end('ok')).listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const named = (name: string) =>
    attemptOf(services, { ...app({ name }, port), address: '', timeoutMs: 20_000 });
  expect(await named('localhost')).toMatchObject({ outcome: 'reached' });
  const unknown = `${randomBytes(8).toString('hex')}.invalid`;
  expect(['unreachable', 'timed-out']).toContain((await named(unknown)).outcome);
});
