import { TRUNCATED_RESPONSE } from 'dns-packet';
import { expect, test } from 'vitest';
import { askDns, type DnsQuery } from '../../src/checks/shared/dns-exchange.ts';
import { type Asked, answerTo, dnsStandIn, refusalOf } from './dns-stand-in.ts';
import { closedPort, hasIPv6, tcpStandIn } from './stand-ins.ts';

const never = new AbortController().signal;

function ask(port: number, more: Partial<DnsQuery> = {}, limitMs = 5000, signal = never) {
  const name = 'web.default.svc.cluster.local';
  return askDns({ address: '127.0.0.1', port, transport: 'udp', name, type: 'A', ...more }, limitMs, signal);
}

test.each(['udp', 'tcp'] as const)('records, rcode and round trip come back by %s', async (transport) => {
  const port = await dnsStandIn((asked) => answerTo(asked, ['192.0.2.7', '192.0.2.8']));
  const { attempt, answer } = await ask(port, { transport });
  expect(attempt).toMatchObject({ outcome: 'reached', rttMs: expect.any(Number) });
  const record = { name: 'web.default.svc.cluster.local', type: 'A', ttl: 5 };
  expect(answer).toEqual({
    rcode: 'NOERROR',
    truncated: false,
    records: [
      { ...record, value: '192.0.2.7' },
      { ...record, value: '192.0.2.8' },
    ],
  });
});

test.runIf(hasIPv6)('a server is asked over IPv6, and addresses have one spelling', async () => {
  const port = await dnsStandIn((asked) => answerTo(asked, ['2001:db8:0:0:0:0:0:7']), '::1');
  const { answer } = await ask(port, { address: '::1', type: 'AAAA' });
  expect(answer?.records.map(({ value }) => value)).toEqual(['2001:db8::7']);
});

test('an SRV record is its name and port', async () => {
  const port = await dnsStandIn((asked) => ({
    ...answerTo(asked),
    answers: [{ type: 'SRV', name: asked.name, data: { target: 'Web.Example.', port: 80 } }],
  }));
  const { answer } = await ask(port, { type: 'SRV' });
  expect(answer?.records).toMatchObject([{ type: 'SRV', value: 'web.example:80' }]);
});

test.each([
  [2, 'SERVFAIL'],
  [3, 'NXDOMAIN'],
  [5, 'REFUSED'],
])('error %i is an answer, and called %s', async (number, rcode) => {
  const port = await dnsStandIn((asked) => refusalOf(asked, number));
  const { attempt, answer } = await ask(port);
  expect([attempt.outcome, answer?.rcode, answer?.records]).toEqual(['reached', rcode, []]);
});

test('a truncated answer is an answer, and says so', async () => {
  const port = await dnsStandIn((asked) => answerTo(asked, ['192.0.2.7'], { flags: TRUNCATED_RESPONSE }));
  expect((await ask(port)).answer).toMatchObject({ truncated: true });
});

test('a lost datagram is sent again, from the same port', async () => {
  const ports = new Set<number>();
  const port = await dnsStandIn((asked) => {
    ports.add(asked.from);
    return asked.nth === 1 ? undefined : answerTo(asked, ['192.0.2.7']);
  });
  const { attempt } = await ask(port, {}, 400);
  expect(attempt).toMatchObject({ outcome: 'reached', sent: 2, received: 1 });
  expect(ports.size).toBe(1);
});

test('an answer that comes after the question was sent again is late, and no loss', async () => {
  let first: Asked | undefined;
  const port = await dnsStandIn((asked) => {
    first ??= asked;
    return asked.nth === 1 ? undefined : answerTo(first, ['192.0.2.7']);
  });
  expect((await ask(port, {}, 400)).attempt).toMatchObject({ outcome: 'reached', sent: 1, received: 1 });
});

const notTheAnswer: [
  what: string,
  reply: (asked: Asked) => Parameters<typeof answerTo>[2] | Buffer,
  detail: RegExp,
][] = [
  ['another transaction id', (asked) => ({ id: (asked.id + 1) % 0x1_0000 }), /another transaction id/],
  [
    'another question',
    () => ({ questions: [{ name: 'web.example', type: 'A' }] }),
    /question \(A web\.example\)/,
  ],
  ['another type', (asked) => ({ questions: [{ name: asked.name, type: 'AAAA' }] }), /question \(AAAA web/],
  ['no question', () => ({ questions: [] }), /another question \(none\)/],
  ['the question itself', () => ({ type: 'query' }), /a question came back/],
  ['something else', () => Buffer.from('SSH-2.0-OpenSSH'), /^not DNS: "SSH-2\.0-OpenSSH"$/],
];

test.each(notTheAnswer)('%s is no answer, and it says why', async (_what, reply, detail) => {
  const port = await dnsStandIn((asked) => {
    const more = reply(asked);
    return Buffer.isBuffer(more) ? more : answerTo(asked, ['192.0.2.7'], more);
  });
  const { attempt, answer } = await ask(port, {}, 200);
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', detail: expect.stringMatching(detail) });
  expect(answer).toBeUndefined();
  const byTcp = await ask(port, { transport: 'tcp' });
  expect(byTcp.attempt).toMatchObject({ outcome: 'wrong-answer', detail: expect.stringMatching(detail) });
});

test('a stray datagram does not keep the answer from being heard', async () => {
  const port = await dnsStandIn((asked) =>
    answerTo(asked, ['192.0.2.7'], asked.nth === 1 ? { id: (asked.id + 1) % 0x1_0000 } : {}),
  );
  expect((await ask(port, {}, 400)).attempt).toMatchObject({ outcome: 'reached' });
});

test('names are compared without regard to case, and with or without the root’s dot', async () => {
  const port = await dnsStandIn((asked) =>
    answerTo({ ...asked, name: asked.name.toUpperCase() }, ['192.0.2.7']),
  );
  expect((await ask(port, { name: 'web.default.svc.cluster.local.' })).attempt.outcome).toBe('reached');
});

test('nothing is a time-out, a closed port a refusal', async () => {
  const silent = await dnsStandIn(() => undefined);
  expect((await ask(silent, {}, 100)).attempt).toEqual({ outcome: 'timed-out', sent: 2, received: 0 });
  const closed = await closedPort();
  expect((await ask(closed)).attempt).toMatchObject({ outcome: 'refused' });
  expect((await ask(closed, { transport: 'tcp' })).attempt).toMatchObject({ outcome: 'refused' });
});

test('by tcp, silence after the connection is told from no connection, and a hang-up is a reset', async () => {
  const silent = await tcpStandIn(() => undefined);
  expect((await ask(silent, { transport: 'tcp' }, 100)).attempt).toEqual({
    outcome: 'timed-out',
    detail: 'connected, no answer',
  });
  const hangsUp = await tcpStandIn((socket) => socket.once('data', () => socket.end('\0')));
  expect((await ask(hangsUp, { transport: 'tcp' })).attempt).toEqual({
    outcome: 'reset',
    detail: 'closed after 1 bytes',
  });
});

test('an abort says nothing about the network', async () => {
  const controller = new AbortController();
  const port = await dnsStandIn(() => {
    controller.abort('deadline');
    return undefined;
  });
  const { attempt } = await ask(port, {}, 5000, controller.signal);
  expect(attempt).toEqual({ outcome: 'unobserved', cause: 'deadline' });
});
