import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TRUNCATED_RESPONSE } from 'dns-packet';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { dns } from '../../src/checks/dns.ts';
import type { DnsAsk } from '../../src/checks/shared/dns/ask.ts';
import type { Probe } from '../../src/model.ts';
import { batchOf, probeOf, startBatch } from './agent.ts';
import { attemptOf } from './attempts.ts';
import { type Asked, answerTo, dnsStandIn, refusalOf } from './dns-stand-in.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const WEB = 'web.default.svc.cluster.local';
const wanted = (...values: string[]): DnsAsk => ({
  transport: 'udp',
  type: 'A',
  name: WEB,
  want: { kind: 'values', values },
});

function probe(port: number, ask: Partial<DnsAsk> = {}, more: Partial<Probe> = {}): Probe {
  return probeOf('dns', port, { expect: [], ask: { ...wanted('192.0.2.7'), ...ask }, ...more });
}

test('the expected answer reaches the server, with what it said and how long it took', async () => {
  const port = await dnsStandIn((asked) => answerTo(asked, ['192.0.2.7']));
  const { told } = startBatch(batchOf([probe(port)]));
  const [observation] = (await told).observations;
  expect(observation?.attempts).toEqual([
    {
      outcome: 'reached',
      sent: 1,
      received: 1,
      rttMs: expect.any(Number),
      measured: { tookMs: expect.any(Number) },
      found: {
        server: `127.0.0.1:${port}`,
        name: WEB,
        right: 1,
        answer: {
          rcode: 'NOERROR',
          truncated: false,
          records: [{ name: WEB, type: 'A', value: '192.0.2.7', ttl: 5 }],
        },
      },
    },
  ]);
});

test.each<[string, (asked: Asked) => ReturnType<typeof answerTo>]>([
  ['another address', (asked) => answerTo(asked, ['192.0.2.66'])],
  ['one too many', (asked) => answerTo(asked, ['192.0.2.7', '192.0.2.66'])],
  ['none', (asked) => answerTo(asked)],
  ['NXDOMAIN', (asked) => refusalOf(asked, 3)],
  ['SERVFAIL, with the right address', (asked) => answerTo(asked, ['192.0.2.7'], { flags: 2 })],
])('%s is a wrong answer', async (_what, reply) => {
  const attempt = await attemptOf(dns, probe(await dnsStandIn(reply)));
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', found: { right: 0 } });
});

test('a server that is right only the second time is retried, and both are told', async () => {
  const port = await dnsStandIn((asked) => answerTo(asked, [asked.nth === 1 ? '192.0.2.66' : '192.0.2.7']));
  const { told } = startBatch(batchOf([probe(port, {}, { attempts: 2 })]));
  const [observation] = (await told).observations;
  expect(observation?.attempts.map(({ outcome }) => outcome)).toEqual(['wrong-answer', 'reached']);
});

test('of many flows, each from a port of its own, a single wrong answer decides', async () => {
  const ports = new Set<number>();
  const port = await dnsStandIn((asked) => {
    ports.add(asked.from);
    return answerTo(asked, [asked.nth === 5 ? '192.0.2.66' : '192.0.2.7']);
  });
  const attempt = await attemptOf(dns, probe(port, {}, { count: 20 }));
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', found: { right: 4 } });
  expect(ports.size).toBe(5);
});

test('of many flows a single silent one decides, and the others are counted', async () => {
  const port = await dnsStandIn((asked) => (asked.nth > 3 ? undefined : answerTo(asked, ['192.0.2.7'])));
  const attempt = await attemptOf(dns, probe(port, {}, { count: 20, timeoutMs: 100 }));
  expect(attempt).toMatchObject({ outcome: 'timed-out', sent: 5, received: 3, found: { right: 3 } });
});

test('what is too long for a datagram is asked again by tcp', async () => {
  const port = await dnsStandIn((asked) =>
    asked.transport === 'udp'
      ? answerTo(asked, [], { flags: TRUNCATED_RESPONSE })
      : answerTo(asked, ['192.0.2.7']),
  );
  const attempt = await attemptOf(dns, probe(port));
  expect(attempt).toMatchObject({ outcome: 'reached', found: { byTcp: true, right: 1 } });
});

test('a name that nobody has is a new one each time, and any address for it is wrong', async () => {
  const names = new Set<string>();
  const ask: Partial<DnsAsk> = { name: '*.svc.cluster.local', want: { kind: 'absent' } };
  const honest = await dnsStandIn((asked) => {
    names.add(asked.name);
    return refusalOf(asked, 3);
  });
  expect(await attemptOf(dns, probe(honest, ask))).toMatchObject({ outcome: 'reached' });
  expect(await attemptOf(dns, probe(honest, ask))).toMatchObject({ outcome: 'reached' });
  expect([...names]).toEqual(
    [0, 1].map(() => expect.stringMatching(/^netaccept-[0-9a-f]{16}\.svc\.cluster\.local$/)),
  );
  const wildcard = await dnsStandIn((asked) => answerTo(asked, ['192.0.2.66']));
  expect(await attemptOf(dns, probe(wildcard, ask))).toMatchObject({ outcome: 'wrong-answer' });
});

test('for a control any answer is one, a refusal too', async () => {
  const port = await dnsStandIn((asked) => refusalOf(asked, 5));
  expect(await attemptOf(dns, probe(port, { want: { kind: 'answer' } }))).toMatchObject({
    outcome: 'reached',
  });
});

async function resolvConf(text: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-resolv-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'resolv.conf');
  await writeFile(path, text);
  vi.stubEnv('NETACCEPT_RESOLV_CONF', path);
}

const SEARCH = 'search ns.svc.cluster.local svc.cluster.local cluster.local corp.example\noptions ndots:5\n';
const short: Partial<DnsAsk> = { name: 'web.default', within: 'cluster.local' };

test('a short name goes through the search list until it exists, and never out of the cluster', async () => {
  const names: string[] = [];
  const port = await dnsStandIn((asked) => {
    names.push(asked.name);
    return asked.name === WEB ? answerTo(asked, ['192.0.2.7']) : refusalOf(asked, 3);
  });
  await resolvConf(`nameserver 127.0.0.1\n${SEARCH}`);
  const attempt = await attemptOf(dns, probe(port, short, { address: '' }));
  expect(names).toEqual(['web.default.ns.svc.cluster.local', WEB]);
  expect(attempt).toMatchObject({
    outcome: 'reached',
    found: {
      server: `127.0.0.1:${port}`,
      name: WEB,
      resolver: { nameservers: ['127.0.0.1'], options: ['ndots:5'] },
    },
  });
  names.length = 0;
  const absent = await attemptOf(dns, probe(port, { ...short, name: 'nobody.default' }, { address: '' }));
  expect(absent).toMatchObject({ outcome: 'wrong-answer', found: { answer: { rcode: 'NXDOMAIN' } } });
  expect(names.every((name) => name.endsWith('.cluster.local'))).toBe(true);
  expect(names).toHaveLength(3);
});

test('an error ends the search: what follows would hide it', async () => {
  const port = await dnsStandIn((asked) =>
    asked.nth === 1 ? refusalOf(asked, 2) : answerTo(asked, ['192.0.2.7']),
  );
  await resolvConf(`nameserver 127.0.0.1\n${SEARCH}`);
  const attempt = await attemptOf(dns, probe(port, short, { address: '' }));
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', found: { answer: { rcode: 'SERVFAIL' } } });
});

test('every nameserver of resolv.conf must be right, not only the first', async () => {
  const port = await dnsStandIn((asked) => answerTo(asked, ['192.0.2.7']));
  await resolvConf(`nameserver 127.0.0.1\nnameserver 127.0.0.2\n`);
  const attempt = await attemptOf(dns, probe(port, {}, { address: '', count: 2 }));
  expect(attempt).toMatchObject({ outcome: 'refused', found: { server: `127.0.0.2:${port}`, right: 2 } });
});

test('resolv.conf without a nameserver is wrong; one that cannot be read says nothing about the network', async () => {
  await resolvConf('# nothing\nsearch cluster.local\n');
  expect(await attemptOf(dns, probe(53, {}, { address: '' }))).toMatchObject({
    outcome: 'wrong-answer',
    found: { server: '', resolver: { nameservers: [] } },
  });
  vi.stubEnv('NETACCEPT_RESOLV_CONF', '/nonexistent/resolv.conf');
  expect(await attemptOf(dns, probe(53, {}, { address: '' }))).toMatchObject({
    outcome: 'unobserved',
    cause: 'local-fault',
    detail: expect.stringContaining('ENOENT'),
  });
});
