import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { checkNamed } from '../../src/checks/registry.ts';
import { requestLine } from '../../src/checks/shared/greeting.ts';
import { ended, environment, NONCE, probeOf, startAgent, startServing, TOKEN } from './agent.ts';
import { attemptOf } from './attempts.ts';
import { hasIPv6, tcpStandIn, udpStandIn } from './stand-ins.ts';

describe.each([
  ['v4', '127.0.0.1'],
  ['v6', '::1'],
] as const)('over %s', (family, address) => {
  test.skipIf(family === 'v6' && !hasIPv6).each(['tcp', 'http', 'udp'] as const)(
    '%s answers with its identity, the nonce and the source it saw',
    async (name) => {
      const ports = await startServing();
      const check = checkNamed(name);
      if (!check) throw new Error(name);
      const probe = probeOf(name, ports[name], { family, address, count: name === 'udp' ? 5 : 1 });
      expect(await attemptOf(check, probe)).toMatchObject({
        outcome: 'reached',
        responder: { node: 'node-a', pod: 'netaccept-a1', uid: 'uid-a' },
        seen: address,
      });
    },
  );
});

/** What a responder sent until it hung up. */
async function said(port: number, request: string | Buffer): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  socket.write(request);
  await once(socket, 'close');
  return text;
}

test.each([
  ['another token', requestLine('fedcba9876543210', NONCE)],
  ['no token', `netaccept/1 ${NONCE}\n`],
  ['a nonce that is not one', requestLine(TOKEN, 'x; rm')],
  ['garbage', Buffer.from([0, 255, 10, 13])],
  ['a line that does not end', 'x'.repeat(5000)],
  ['a right line that is too long', `${requestLine(TOKEN, NONCE).trimEnd()}${' '.repeat(5000)}\n`],
  ['a right request that is too long and does not end', requestLine(TOKEN, NONCE).trimEnd().padEnd(5000)],
])('tcp hangs up without a word on %s', async (_what, request) => {
  const { tcp } = await startServing();
  expect(await said(tcp, request)).toBe('');
});

test('http tells nobody who it is without the token', async () => {
  const { http } = await startServing();
  const get = (path: string, token: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${http}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const wrong = [
    await get(`/netaccept/1/who?nonce=${NONCE}`, 'fedcba9876543210'),
    await get(`/netaccept/1/who?nonce=${NONCE}`, `${TOKEN}%20x`),
    await get('/netaccept/1/who', TOKEN),
    await get(`/netaccept/1/who?nonce=${NONCE}`, TOKEN, 'POST'),
    await get('/', TOKEN),
  ];
  expect(wrong.map((response) => response.status)).toEqual([401, 401, 401, 405, 404]);
  expect(await Promise.all(wrong.map((response) => response.text()))).toEqual(['', '', '', '', '']);
});

test('udp answers only padded datagrams that carry the token, never with more bytes than it got', async () => {
  const { udp } = await startServing();
  const socket = createSocket('udp4');
  socket.connect(udp, '127.0.0.1');
  await once(socket, 'connect');
  const good = requestLine(TOKEN, NONCE);
  socket.send('x'.repeat(768));
  socket.send(requestLine('fedcba9876543210', NONCE).padEnd(768));
  socket.send(good);
  socket.send(requestLine(TOKEN, 'aa'.repeat(16)).padEnd(768));
  const [first] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  // In order on loopback: had one of the others been answered, its answer would be the first.
  expect(JSON.parse(String(first))).toMatchObject({ nonce: 'aa'.repeat(16) });
  expect(first.length).toBeLessThanOrEqual(768);
  expect(good.length).toBeLessThan(first.length);
});

test('the readiness of all three shows at /healthz, and to `ready`', async () => {
  const { http, agent } = await startServing();
  const response = await fetch(`http://127.0.0.1:${http}/healthz`);
  expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
  const own = { ...environment, NETACCEPT_HTTP_PORT: String(http) };
  expect(await ended(startAgent('ready', own))).toMatchObject({ code: 0 });
  agent.kill('SIGTERM');
  await once(agent, 'close');
  expect(await ended(startAgent('ready', own))).toMatchObject({ code: 1 });
});

test('SIGTERM ends it with 0, open connections or not', async () => {
  const { agent, tcp, http } = await startServing();
  const open = [connect(tcp, '127.0.0.1'), connect(http, '127.0.0.1')];
  await Promise.all(open.map((socket) => once(socket, 'connect')));
  agent.kill('SIGTERM');
  expect(await once(agent, 'close')).toEqual([0, null]);
  for (const socket of open) socket.destroy();
});

test.each(['tcp', 'http', 'udp'] as const)('a taken %s port is named', async (name) => {
  const taken = await (name === 'udp' ? udpStandIn(() => undefined) : tcpStandIn(() => undefined));
  const env = { ...environment, [`NETACCEPT_${name.toUpperCase()}_PORT`]: String(taken) };
  const { code, err } = await ended(startAgent('serve', env));
  expect(code).toBe(1);
  const label = name === 'http' ? 'http (tcp)' : name;
  expect(err).toBe(
    `cannot listen on ${label} port ${taken}: another program has it (EADDRINUSE): choose another in agents.ports\n`,
  );
});

test('every missing or bad variable is named at once, and the token is not shown', async () => {
  const { NETACCEPT_NODE: _, ...rest } = environment;
  const bad = { ...rest, NETACCEPT_TOKEN: 'my secret', NETACCEPT_TCP_PORT: '65536', NETACCEPT_UDP_PORT: '' };
  const { code, err } = await ended(startAgent('serve', bad));
  expect(code).toBe(3);
  expect(err.trimEnd().split('\n').sort()).toEqual([
    'NETACCEPT_NODE must be a name of 1 to 253 characters, got nothing',
    'NETACCEPT_TCP_PORT must be a port number, got "65536"',
    'NETACCEPT_TOKEN must be 8 to 128 printable characters without spaces, got something else',
    'NETACCEPT_UDP_PORT must be a port number, got ""',
  ]);
});

test('an unknown command is a misuse', async () => {
  expect(await ended(startAgent('dance'))).toMatchObject({
    code: 3,
    err: 'usage: agent serve | probe | ready\n',
  });
});
