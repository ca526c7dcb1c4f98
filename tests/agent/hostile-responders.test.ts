// Responders that lie, drip, flood and hang up, on real sockets: never `reached`, always an end, in bounded memory.
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { encode } from 'dns-packet';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { http } from '../../src/checks/http.ts';
import { mtu } from '../../src/checks/mtu.ts';
import { quality } from '../../src/checks/quality.ts';
import type { Check } from '../../src/checks/shared/check.ts';
import { askDns } from '../../src/checks/shared/dns-exchange.ts';
import { tcp } from '../../src/checks/tcp.ts';
import { udp } from '../../src/checks/udp.ts';
import type { Attempt, Probe } from '../../src/model.ts';
import { batchOf, probeOf, startBatch, startServing } from './agent.ts';
import { attemptOf, replyOf } from './attempts.ts';
import { ipPrints, pingSilent, standInFor } from './programs.ts';
import { closedPort, tcpStandIn, udpStandIn } from './stand-ins.ts';

const OLD_NONCE = 'ab'.repeat(16);
/** Of a request line or of an HTTP request's URL. */
const nonceOf = (request: unknown) =>
  /[0-9a-f]{32}/.exec(String(request).replace(/0123456789abcdef/g, ''))?.[0] ?? '';
const page = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const asHttp = (request: unknown) => String(request).startsWith('GET');
/** The same text as a line, or as the body of a page, as it was asked. */
const inKind = (request: unknown, text: string) => (asHttp(request) ? page(text) : text);

function flood(socket: Socket, block: string): void {
  const more = () => {
    while (socket.writable && socket.write(block));
    if (socket.writable) socket.once('drain', more);
  };
  more();
}

/** A byte whenever the one before has gone out, but never the last one. */
function drip(socket: Socket, text: string): void {
  const letters = [...text];
  const next = () => {
    const letter = letters.shift();
    if (letter !== undefined && letters.length > 0) socket.write(letter, () => setImmediate(next));
  };
  next();
}

type OnRequest = (socket: Socket, request: Buffer) => void;

const onTcp: [what: string, onRequest: OnRequest][] = [
  [
    'garbage',
    (socket) => socket.write(Buffer.from(Array.from({ length: 8192 }, (_, i) => (i * 7 + 13) % 256))),
  ],
  ['a line that never ends', (socket) => flood(socket, '{"nonce":"'.padEnd(65_536, 'x'))],
  ['newlines without end', (socket) => flood(socket, '\n'.repeat(65_536))],
  ['headers without end', (socket) => flood(socket, `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(5000)}`)],
  ['100 Continue without end', (socket) => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000))],
  ['a page without end', (socket) => flood(socket, `HTTP/1.1 200 OK\r\n\r\n${' '.repeat(65_536)}`)],
  [
    'the right answer, but for its last byte',
    (socket, request) => drip(socket, inKind(request, replyOf(nonceOf(request))).trimEnd()),
  ],
  ['the answer of another run', (socket, request) => socket.write(inKind(request, replyOf(OLD_NONCE)))],
  [
    'the beginning of our nonce',
    (socket, request) => socket.write(inKind(request, replyOf(nonceOf(request).slice(0, 31)))),
  ],
  [
    'our nonce in capitals',
    (socket, request) => socket.write(inKind(request, replyOf(`X${nonceOf(request).toUpperCase()}`))),
  ],
  [
    'our nonce, and no name',
    (socket, request) => socket.write(inKind(request, `{"nonce":"${nonceOf(request)}"}\n`)),
  ],
  [
    'names that are no text',
    (socket, request) =>
      socket.write(
        inKind(request, `{"nonce":"${nonceOf(request)}","node":{},"pod":[],"uid":["uid-a"],"seen":1}\n`),
      ),
  ],
  [
    'the right answer by another pod',
    (socket, request) => socket.write(inKind(request, replyOf(nonceOf(request), 'uid-b'))),
  ],
  [
    'a list of right answers',
    (socket, request) => socket.write(inKind(request, `[${replyOf(nonceOf(request)).trim()}]\n`)),
  ],
  ['the request itself', (socket, request) => socket.write(request)],
  [
    'a wrong answer before the right one',
    (socket, request) => socket.write(inKind(request, `${replyOf(OLD_NONCE)}${replyOf(nonceOf(request))}`)),
  ],
  ['half a hang-up', (socket) => socket.end()],
  ['a hang-up', (socket) => socket.destroy()],
  ['a reset', (socket) => socket.resetAndDestroy()],
  [
    'half an answer and a reset',
    (socket, request) =>
      socket.write(inKind(request, replyOf(nonceOf(request))).slice(0, -30), () => socket.resetAndDestroy()),
  ],
  ['silence', () => undefined],
];

const hostileTcp = (onRequest: OnRequest) =>
  tcpStandIn((socket) => socket.once('data', (request) => onRequest(socket, request)));

describe.each(onTcp)('over TCP: %s', (what, onRequest) => {
  test.each([
    ['tcp', tcp],
    ['http', http],
  ] as [string, Check][])('%s', async (name, check) => {
    const attempt = await attemptOf(check, probeOf(name, await hostileTcp(onRequest), { timeoutMs: 400 }));
    expect(FAILED).toContain(attempt.outcome);
    if (what === 'the right answer by another pod') expect(attempt.outcome).toBe('wrong-responder');
    expect((attempt.detail ?? '').length).toBeLessThan(600);
  });
});

/** What is the network's or the responder's fault. Neither `reached` nor a fault of the agent's own. */
const FAILED = ['wrong-answer', 'wrong-responder', 'timed-out', 'reset', 'lossy', 'black-hole', 'refused'];

type Reply = (request: string, nth: number) => (string | Buffer)[];

const onUdp: [what: string, reply: Reply][] = [
  ['garbage', () => [Buffer.from(Array.from({ length: 1400 }, (_, i) => (i * 31) % 256))]],
  ['nothing', () => ['']],
  [
    'hundreds of answers to nobody',
    () => Array.from({ length: 300 }, (_, i) => replyOf(i.toString(16).padStart(32, '0'))),
  ],
  ['the answer of another run', () => [replyOf(OLD_NONCE)]],
  ['an answer without a nonce', () => [replyOf('')]],
  ['an answer to no nonce of ours', () => [replyOf('none')]],
  ['the right answer, cut', (request) => [replyOf(nonceOf(request)).slice(0, -10)]],
  ['the right answer by another pod', (request) => [replyOf(nonceOf(request), 'uid-b')]],
  [
    'the right answer by two pods',
    (request) => [replyOf(nonceOf(request)), replyOf(nonceOf(request), 'uid-b')],
  ],
  ['the largest datagram there is', () => [Buffer.alloc(65_507, '{')]],
  ['the request itself', (request) => [request]],
];

describe.each(onUdp)('over UDP: %s', (_, reply) => {
  test.each([
    ['udp', udp, {}],
    ['quality', quality, { sourcePorts: 2, sourcePortBase: 0, maxLossPercent: 10, maxRttP95Ms: 0 }],
  ] as [string, Check, object][])('%s', async (name, check, ask) => {
    let nth = 0;
    const port = await udpStandIn((text, peer, socket) => {
      for (const one of reply(text, nth++)) socket.send(one, peer.port, peer.address);
    });
    const attempt = await attemptOf(check, probeOf(name, port, { ask, count: 4, timeoutMs: 300 }));
    expect(FAILED).toContain(attempt.outcome);
    expect(attempt.received ?? 0).toBeLessThanOrEqual(4);
    expect((attempt.detail ?? '').length).toBeLessThan(600);
  });
});

describe('an answer to another case', () => {
  /** Answers each request with the nonce of the one before: both probes are in flight. */
  test('over TCP, two probes crosswise, reaches neither', async () => {
    const waiting: { socket: Socket; nonce: string }[] = [];
    const port = await tcpStandIn((socket) =>
      socket.once('data', (request) => {
        waiting.push({ socket, nonce: nonceOf(request) });
        const [one, two] = waiting;
        if (one === undefined || two === undefined) return;
        one.socket.end(replyOf(two.nonce));
        two.socket.end(replyOf(one.nonce));
      }),
    );
    const attempts = await Promise.all([1, 2].map(() => attemptOf(tcp, probeOf('tcp', port))));
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['wrong-answer', 'wrong-answer']);
  });

  test('over UDP, two probes crosswise, reaches neither', async () => {
    const nonces = new Map<number, string>();
    const port = await udpStandIn((text, peer, socket) => {
      nonces.set(peer.port, nonceOf(text));
      for (const [to, nonce] of nonces)
        if (to !== peer.port) socket.send(replyOf(nonce), peer.port, peer.address);
    });
    const attempts = await Promise.all(
      [1, 2].map(() => attemptOf(udp, probeOf('udp', port, { count: 4, timeoutMs: 300 }))),
    );
    for (const { outcome, received } of attempts)
      expect([FAILED.includes(outcome), received]).toEqual([true, 0]);
  });

  test('a recorded conversation played again proves nothing', async () => {
    const { tcp: real } = await startServing();
    expect(await attemptOf(tcp, probeOf('tcp', real))).toMatchObject({ outcome: 'reached' });
    let first = '';
    const port = await tcpStandIn((socket) =>
      socket.once('data', (request) => {
        first ||= replyOf(nonceOf(request));
        socket.end(first);
      }),
    );
    expect(await attemptOf(tcp, probeOf('tcp', port))).toMatchObject({ outcome: 'reached' });
    expect(await attemptOf(tcp, probeOf('tcp', port))).toMatchObject({ outcome: 'wrong-answer' });
  });
});

describe('large packets', () => {
  beforeEach(async () => {
    await ipPrints({ dst: '127.0.0.1', dev: 'lo', metrics: [{ mtu: 1450 }] });
    await standInFor('ping', pingSilent);
  });
  const asking = (tcpPort: number, udpPort: number, more: Partial<Probe> = {}) =>
    probeOf('mtu', tcpPort, {
      ask: { tcpPort, udpPort, bytes: 65_536, expected: 0 },
      timeoutMs: 600,
      ...more,
    });
  const honestUdp = () =>
    udpStandIn((text, peer, socket) => socket.send(replyOf(nonceOf(text)), peer.port, peer.address));

  test.each<[string, OnRequest]>([
    ['a receipt for less', (socket, request) => socket.write(`${replyOf(nonceOf(request))}{"got":1}\n`)],
    [
      'a receipt that never ends',
      (socket, request) => {
        socket.write(replyOf(nonceOf(request)));
        if (String(request).includes('upload')) flood(socket, 'x'.repeat(65_536));
      },
    ],
    ['no greeting', (socket) => flood(socket, 'x'.repeat(65_536))],
    ['a greeting of another run', (socket) => socket.write(replyOf(OLD_NONCE))],
    ['a hang-up after the greeting', (socket, request) => socket.end(replyOf(nonceOf(request)))],
    [
      'a reset after the greeting',
      (socket, request) => socket.write(replyOf(nonceOf(request)), () => socket.resetAndDestroy()),
    ],
  ])('%s is no proof', async (_, onRequest) => {
    const attempt = await attemptOf(mtu, asking(await hostileTcp(onRequest), await honestUdp()));
    expect(FAILED).toContain(attempt.outcome);
  });

  test.each(onUdp)('datagrams answered by %s are no proof', async (_, reply) => {
    const { tcp: port } = await startServing();
    const hostile = await udpStandIn((text, peer, socket) => {
      for (const one of reply(text, 0)) socket.send(one, peer.port, peer.address);
    });
    const attempt: Attempt = await attemptOf(mtu, asking(port, hostile));
    expect(FAILED).toContain(attempt.outcome);
  });
});

test('whatever a name server answers, no byte of it ends the agent, and only its own question counts', async () => {
  const name = 'web.default.svc.cluster.local';
  let answer = (asked: Buffer) => asked;
  const port = await tcpStandIn((socket) =>
    socket.once('data', (data) => {
      const reply = answer(data.subarray(2));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(Math.min(reply.length, 65_535));
      socket.end(Buffer.concat([length, reply]));
    }),
  );
  const record = fc.constantFrom(
    { type: 'A' as const, name, data: '192.0.2.1' },
    { type: 'AAAA' as const, name, data: '2001:db8::1' },
    { type: 'SRV' as const, name, data: { target: 'a.b', port: 1, priority: 0, weight: 0 } },
    { type: 'TXT' as const, name, data: 'x' },
    {
      type: 'SOA' as const,
      name,
      data: { mname: 'a', rname: 'b', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 },
    },
    { type: 'OPT' as const, name: '.' as const, udpPayloadSize: 512, flags: 0, options: [] } as never,
  );
  const damage = fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 });
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(record), damage, fc.nat(300), async (answers, hits, cut) => {
      let intact = false;
      answer = (asked) => {
        const id = asked.readUInt16BE();
        const whole = encode({ id, type: 'response', questions: [{ type: 'A', name }], answers });
        const packet = Buffer.from(whole);
        for (const [at, byte] of hits) if (at < packet.length) packet[at] = byte;
        intact = packet.subarray(0, 2).equals(whole.subarray(0, 2));
        return cut < 30 ? packet.subarray(0, packet.length - cut) : packet;
      };
      const query = { address: '127.0.0.1', port, transport: 'tcp' as const, name, type: 'A' as const };
      const { attempt, answer: said } = await askDns(query, 5000, new AbortController().signal);
      seen.add(attempt.outcome);
      expect(['reached', 'wrong-answer', 'reset']).toContain(attempt.outcome);
      if (said !== undefined) expect(intact).toBe(true);
    }),
    { numRuns: 400 },
  );
  expect([...seen].sort()).toEqual(['reached', 'wrong-answer']);
});

test('a whole batch against all of them: every probe is reported, none reached, and the agent stays small', {
  timeout: 120_000,
}, async () => {
  const more = { timeoutMs: 1500, attempts: 2 };
  const ports = await Promise.all(onTcp.map(([, onRequest]) => hostileTcp(onRequest)));
  const datagrams = await Promise.all(
    onUdp.map(([, reply]) =>
      udpStandIn((text, peer, socket) => {
        for (const one of reply(text, 0)) socket.send(one, peer.port, peer.address);
      }),
    ),
  );
  const closed = await closedPort();
  await ipPrints({ dst: '127.0.0.1', dev: 'lo', metrics: [{ mtu: 1450 }] });
  await standInFor('ping', pingSilent);
  const tcpPort = await hostileTcp((socket, request) => {
    socket.write(replyOf(nonceOf(request)));
    flood(socket, 'x'.repeat(65_536));
  });
  const ask = { tcpPort, udpPort: closed, bytes: 65_536, expected: 0 };
  const probes = [
    ...[...ports, closed].flatMap((port) => [probeOf('tcp', port, more), probeOf('http', port, more)]),
    ...datagrams.map((port) => probeOf('udp', port, { ...more, count: 4 })),
    probeOf('mtu', tcpPort, { ...more, ask }),
  ];
  const { agent, told } = startBatch(batchOf(probes));
  let peakKib = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${agent.pid}/status`, 'utf8').catch(() => '');
    peakKib = Math.max(peakKib, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }, 20);
  const { observations, lines, code, err } = await told;
  clearInterval(watch);
  expect([code, err, lines.at(-1)]).toEqual([0, '', { type: 'done', count: probes.length }]);
  expect(observations).toHaveLength(probes.length);
  const outcomes = new Set(observations.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome)));
  for (const outcome of outcomes) expect(FAILED).toContain(outcome);
  expect(peakKib).toBeGreaterThan(0);
  // Twice what its pod may have: nobody limits Node here, so it collects late. What is not bounded is gigabytes.
  expect(peakKib).toBeLessThan(384 * 1024);
});
