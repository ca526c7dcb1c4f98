import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { requestLine, wishLine } from '../../src/checks/shared/greeting.ts';
import { VXLAN_OVERHEAD, vxlanPayload } from '../../src/checks/shared/vxlan-payload.ts';
import { udpPort } from '../../src/checks/udp-port.ts';
import type { Probe } from '../../src/model.ts';
import { ended, environment, NONCE, probeOf, startAgent, startServing, TOKEN } from './agent.ts';
import { attemptOf } from './attempts.ts';
import { ipPrints, pingAnswered, standInFor } from './programs.ts';
import { udpStandIn } from './stand-ins.ts';

/** A UDP port that nobody has. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

interface Serving {
  tcp: number;
  udp: number;
}

function asking(port: number, { tcp, udp }: Serving, more: Partial<Probe> = {}, vxlan = false): Probe {
  const inside = { address: '127.0.0.1', uid: 'uid-a', tcpPort: tcp, udpPort: udp, bytes: 65_536 };
  const ask = { vxlan, own: { uid: 'uid-a', address: '127.0.0.1', tcpPort: tcp }, inside };
  return probeOf('udp-port', port, { ask, count: 3, timeoutMs: 1500, ...more });
}

test.each([
  ['plain', false],
  ['in VXLAN’s shape', true],
])('a further port echoes, %s', async (_what, vxlan) => {
  const [one, two] = [await freePort(), await freePort()];
  const serving = await startServing({ NETACCEPT_UDP_PORTS: `${one},${two}` });
  for (const port of [one, two]) {
    expect(await attemptOf(udpPort, asking(port, serving, {}, vxlan))).toMatchObject({
      outcome: 'reached',
      sent: 3,
      received: 3,
      responder: { uid: 'uid-a' },
    });
  }
});

test('what goes out in VXLAN’s shape has its header, and a frame with a sound IPv4 packet', async () => {
  const heard: Buffer[] = [];
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (data) => heard.push(data));
  const serving = await startServing();
  await attemptOf(udpPort, asking(socket.address().port, serving, { timeoutMs: 200 }, true));
  socket.close();
  const [first = Buffer.alloc(0)] = heard;
  expect(first.subarray(0, 8).toString('hex')).toBe('08000000fffffe00');
  expect(first.subarray(20, 22).toString('hex')).toBe('0800');
  const ip = first.subarray(22, 42);
  expect(ip.readUInt16BE(2)).toBe(first.length - 22);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += ip.readUInt16BE(at);
  expect((sum & 0xffff) + (sum >>> 16)).toBe(0xffff);
  expect(first.subarray(VXLAN_OVERHEAD).toString()).toMatch(new RegExp(`^netaccept/1 ${TOKEN} `));
});

test('a further port is as silent as the others without the token, and never says more than it got', async () => {
  const port = await freePort();
  await startServing({ NETACCEPT_UDP_PORTS: String(port) });
  const socket = createSocket('udp4');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const wrong = requestLine('fedcba9876543210', NONCE).padEnd(768);
  socket.send(wrong);
  socket.send(vxlanPayload(wrong));
  socket.send(vxlanPayload(requestLine(TOKEN, NONCE)));
  socket.send(requestLine(TOKEN, 'aa'.repeat(16)).padEnd(768));
  const [first] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  // In order on loopback: had one of the others been answered, its answer would be the first.
  expect(JSON.parse(String(first))).toMatchObject({ nonce: 'aa'.repeat(16) });
});

test('a taken port keeps no agent from starting, and is opened when it is free', async () => {
  const holder = createSocket('udp4').bind(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address();
  const serving = await startServing({ NETACCEPT_UDP_PORTS: String(port) });
  await ipPrints(undefined, [
    { ifname: 'vxlan0', linkinfo: { info_kind: 'vxlan', info_data: { port: port + 1 } } },
  ]);
  const attempt = await attemptOf(udpPort, asking(port, serving));
  expect(attempt).toMatchObject({
    outcome: 'unobserved',
    cause: 'local-fault',
    found: { owner: { by: 'program' } },
  });
  expect(attempt.detail).toMatch(
    new RegExp(
      `^UDP port ${port} is another program's here, of user \\d+ \\(EADDRINUSE\\), and no tunnel device has it$`,
    ),
  );
  holder.close();
  await expect
    .poll(async () => (await attemptOf(udpPort, asking(port, serving, { timeoutMs: 300 }))).outcome, {
      timeout: 30_000,
    })
    .toBe('reached');
});

test('a port of a tunnel device is proven by what the tunnel carries', async () => {
  const port = await udpStandIn(() => undefined);
  const serving = await startServing({ NETACCEPT_UDP_PORTS: String(port) });
  const data = { id: 7, port };
  const links = [{ ifname: 'flannel.1', flags: ['UP'], linkinfo: { info_kind: 'vxlan', info_data: data } }];
  await ipPrints({ dev: 'lo', metrics: [{ mtu: 1450 }] }, links);
  await standInFor('ping', pingAnswered);
  expect(await attemptOf(udpPort, asking(port, serving))).toMatchObject({
    outcome: 'reached',
    responder: { uid: 'uid-a' },
    found: {
      owner: { by: 'tunnel', device: 'flannel.1', kind: 'vxlan', vni: 7, up: true },
      through: 'tunnel',
      device: 'lo',
      large: { mtu: 1450, upload: 'reached', udp: { full: true, fragments: true } },
    },
  });
  const nobody = asking(port, serving);
  const { inside: _, ...ask } = nobody.ask as { inside: object };
  expect(await attemptOf(udpPort, { ...nobody, ask })).toMatchObject({
    outcome: 'unobserved',
    cause: 'no-target-agent',
  });
});

test('silence on a free port times out; a responder that does not tell of its ports leaves it unknown', async () => {
  const serving = await startServing();
  const silent = await udpStandIn(() => undefined);
  expect(await attemptOf(udpPort, asking(silent, serving, { timeoutMs: 200 }))).toMatchObject({
    outcome: 'timed-out',
  });
  const stranger = { ...serving, tcp: serving.udp };
  expect(await attemptOf(udpPort, asking(silent, stranger))).toMatchObject({
    outcome: 'unobserved',
    cause: 'local-fault',
    detail: 'the agent’s own responder did not say which ports it could not open',
  });
});

test('nobody learns of taken ports without the token', async () => {
  const { tcp } = await startServing();
  const socket = connect({ host: '127.0.0.1', port: tcp });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  socket.write(wishLine('fedcba9876543210', NONCE, { kind: 'unserved' }));
  await once(socket, 'close');
  expect(text).toBe('');
});

test('ports that are none are named at the start', async () => {
  const { code, err } = await ended(
    startAgent('serve', { ...environment, NETACCEPT_UDP_PORTS: '4789,vxlan' }),
  );
  expect([code, err]).toEqual([
    3,
    'NETACCEPT_UDP_PORTS must be port numbers separated by commas, got "4789,vxlan"\n',
  ]);
});
