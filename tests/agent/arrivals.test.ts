// What arrived: a lost request is told from a lost answer by the responder that was meant.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { rememberArrivals } from '../../src/agent/responders/arrivals.ts';
import { markOf, type OwnQuestion, requestLine, wishLine } from '../../src/checks/shared/greeting.ts';
import type { Probe } from '../../src/model.ts';
import type { AgentLine } from '../../src/wire.ts';
import { batchOf, NONCE, probeOf, startBatch, startServing, TOKEN } from './agent.ts';
import { tcpStandIn, udpStandIn } from './stand-ins.ts';

const LONG_AGO = 10_000;
const UNKNOWN = 'ab'.repeat(8);

/** The marks of one probe's attempts. */
async function marksOf(probe: Probe): Promise<(string | undefined)[]> {
  const { observations } = await startBatch(batchOf([probe])).told;
  return observations.flatMap(({ attempts }) => attempts.map(({ mark }) => mark));
}

/** A port from which requests go on to `port`, and no answer comes back. */
async function lossyWayTo(name: 'tcp' | 'http' | 'udp', port: number): Promise<number> {
  if (name !== 'udp') {
    return tcpStandIn((socket) => socket.pipe(connect(port, '127.0.0.1').on('error', () => undefined)));
  }
  const onward = createSocket('udp4');
  onTestFinished(() => {
    onward.close();
  });
  return udpStandIn((text) => onward.send(text, port, '127.0.0.1'));
}

/** What a prober beside the responder at `tcp` says to a question. */
async function arrivalsAt(tcp: number, marks: string[], sinceMs = 0): Promise<AgentLine[]> {
  const asked = { question: { marks, sinceMs }, env: { NETACCEPT_TCP_PORT: String(tcp) } };
  const { lines } = await startBatch(batchOf([], { rounds: [] }), [], asked).told;
  return lines.filter(({ type }) => type !== 'hello');
}

test.each(['tcp', 'http', 'udp'] as const)(
  '%s: a request that got there is known by its attempt’s mark',
  async (name) => {
    const ports = await startServing();
    const lossy = await lossyWayTo(name, ports[name]);
    const [first, last] = await marksOf(
      probeOf(name, lossy, { attempts: 2, count: name === 'udp' ? 3 : 1, timeoutMs: 500 }),
    );
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(last).not.toBe(first);
    expect(await arrivalsAt(ports.tcp, [UNKNOWN, last ?? ''])).toEqual([
      { type: 'probed' },
      { type: 'arrivals', arrived: [last], whole: true },
      { type: 'done', count: 0 },
    ]);
  },
);

test('what was answered, and what was never sent for want of a connection, has no mark', async () => {
  const { tcp, udp } = await startServing();
  expect(await marksOf(probeOf('udp', udp, { count: 3 }))).toEqual([undefined]);
  expect(await marksOf(probeOf('tcp', tcp))).toEqual([undefined]);
  // TEST-NET-1: nobody takes a SYN there, so that no request goes out.
  const silent = { address: '192.0.2.177', timeoutMs: 300 };
  expect(await marksOf(probeOf('tcp', 9, silent))).toEqual([undefined]);
  expect(await marksOf(probeOf('http', 9, silent))).toEqual([undefined]);
});

test('asked for nothing, or without a responder beside it, an agent tells nothing', async () => {
  const { tcp } = await startServing();
  expect(await arrivalsAt(tcp, [])).toEqual([{ type: 'probed' }, { type: 'done', count: 0 }]);
  expect(await arrivalsAt(1, [UNKNOWN])).toEqual([{ type: 'probed' }, { type: 'done', count: 0 }]);
});

test('a responder that began after the question’s time does not say that nothing came', async () => {
  const { tcp } = await startServing();
  const [, told] = await arrivalsAt(tcp, [UNKNOWN], 3_600_000);
  expect(told).toEqual({ type: 'arrivals', arrived: [], whole: false });
});

test('only who carries the token is remembered', async () => {
  const { tcp, udp } = await startServing();
  const socket = createSocket('udp4');
  socket.connect(udp, '127.0.0.1');
  await once(socket, 'connect');
  const wrong = 'cd'.repeat(16);
  socket.send(requestLine('fedcba9876543210', wrong).padEnd(768));
  socket.send(requestLine(TOKEN, NONCE).padEnd(768));
  await once(socket, 'message');
  socket.close();
  const [, told] = await arrivalsAt(tcp, [markOf(wrong), markOf(NONCE)]);
  expect(told).toMatchObject({ arrived: [markOf(NONCE)] });
});

const own = Object.values(networkInterfaces())
  .flatMap((entries) => entries ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

async function said(host: string, port: number, kind: OwnQuestion['kind']): Promise<string> {
  const socket = connect({ host, port }).on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(wishLine(TOKEN, NONCE, { kind }));
  await once(socket, 'close');
  return text;
}

test.skipIf(own === undefined)('what arrived is told over loopback only, token or not', async () => {
  const { tcp } = await startServing();
  expect(await said(own ?? '', tcp, 'arrivals')).toBe('');
  expect(await said('127.0.0.1', tcp, 'arrivals')).toContain('"marks":[]');
});

test('what a pod asks of its own responder is nothing that arrived', async () => {
  const { tcp } = await startServing();
  expect(await said('127.0.0.1', tcp, 'unserved')).toContain('[]');
  expect(await said('127.0.0.1', tcp, 'arrivals')).toContain('"marks":[]');
});

test('the youngest are kept, and how far back they are whole is told', () => {
  let now = 0;
  const memory = rememberArrivals(3, () => now);
  for (const [at, mark] of [
    [10, 'a'],
    [20, 'b'],
    [30, 'a'],
    [40, 'c'],
    [50, 'd'],
  ] as const) {
    now = at;
    memory.note(mark);
  }
  now = LONG_AGO;
  // `b` was forgotten, which came at 20: of what came later nothing was.
  expect(memory.remembered()).toEqual({ marks: ['a', 'c', 'd'], wholeForMs: LONG_AGO - 20 });
});
