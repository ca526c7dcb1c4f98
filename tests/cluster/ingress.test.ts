// An ingress on every Node, asked as a user would ask it: L7 by name over TLS, L4 by port.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { dropRule, type Fault, withFault } from '../../fixtures/faults/inject.ts';
import { type Ingress, type IngressOptions, ingress } from '../../fixtures/workloads/ingress.ts';
import type { Case } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { configured } from './configured.ts';
import { type Checked, check, idsWith, netaccept } from './netaccept.ts';
import { expectExactly } from './red.ts';

let cluster: Cluster;
let there: Ingress;
let two: string;
let three: string;
/** As the ingress was when the file was written: a new one has a new authority. */
let config: string[];

beforeAll(async () => {
  cluster = await testCluster();
  [, two, three] = await fourNodes(cluster);
  await deploy();
});

afterAll(async () => {
  await netaccept(['clean']);
  await there.remove();
});

async function deploy(options?: IngressOptions): Promise<void> {
  there = await ingress(cluster, options);
  config = await configFor(there);
}

function configFor({ host, ports, ca, body }: Ingress): Promise<string[]> {
  const address = 'nodes';
  return configured({
    ingress: [
      { name: 'shop', url: `https://${host}/any/path`, address, body, tls: { ca } },
      { name: 'plain', url: `http://${host}:${ports.http}/`, address, status: [200], body, from: 'pod' },
      { name: 'stranger', url: 'http://other.example.test/', address, status: 404, from: 'pod' },
      { name: 'echo', tcp: ports.l4, address, send: 'hello\n', reply: 'hello' },
      { name: 'echo-udp', udp: ports.l4, address, send: 'hello', reply: 'hello', from: 'node' },
    ],
  });
}

function run(flags = config): Promise<Checked> {
  return check(['--keep', '--only', 'ingress', ...flags]);
}

const isAbout =
  (...targets: string[]) =>
  (entry: Case) =>
    targets.includes(entry.about?.target ?? '');

/** Of the failed ones, each once and sorted, without the Node and its address. */
function sentences({ result }: Checked): string[] {
  const failed = result.verdicts.filter(({ verdict }) => verdict === 'failed');
  const told = failed.map(({ sentence }) => sentence.replace(/^.*? did not answer as it must: /, ''));
  return [...new Set(told)].sort();
}

describe('on a healthy cluster', () => {
  test('every source reaches every Node’s, over both families; 404 passes only where it is expected', async () => {
    const healthy = await run();
    expectExactly(healthy, () => false);
    const families = healthy.result.families.length;
    // Two targets from both networks, three from one: each Node to each Node.
    expect(healthy.result.verdicts).toHaveLength(7 * 4 * 4 * families);
    expect(healthy.result.verdicts.filter(({ flaky }) => flaky)).toEqual([]);
    // http, tcp and udp, of each a closed port and a silent address, by eight agents.
    expect(healthy.result.controls).toHaveLength(3 * 2 * 8 * families);
    expect(healthy.result.verdicts.find(({ case: { about } }) => about?.target === 'shop')?.sentence).toMatch(
      /^shop at \S+ \(https at \S+ port 443\): answered HTTP 200 in [\d.]+ ms$/,
    );
  });

  test('without targets there is nothing to pass: exit code 3, and what to configure', async () => {
    const { exitCode, result } = await check(['--keep', '--only', 'ingress']);
    expect(exitCode).toBe(3);
    expect(result.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('ingress runs where `ingress` lists what to ask'),
    ]);
  });
});

test('port 443 dropped on node 3: its https cases, and neither its http nor its L4', async () => {
  const fault = dropRule(three, 'INPUT -p tcp --dport 443 -j DROP');
  const broken = await withFault(cluster, fault, () => run());
  expectExactly(broken, (entry) => isAbout('shop')(entry) && entry.target.node === three);
  expect(new Set(broken.result.verdicts.map(({ reason }) => reason))).toEqual(
    new Set(['proof', 'timed-out']),
  );
  expectExactly(await run(), () => false);
});

test('the L4 port refused on node 2: its tcp cases', async () => {
  const fault = dropRule(two, `INPUT -p tcp --dport ${there.ports.l4} -j REJECT --reject-with tcp-reset`);
  const broken = await withFault(cluster, fault, () => run());
  expectExactly(broken, (entry) => isAbout('echo')(entry) && entry.target.node === two);
  expectExactly(await run(), () => false);
});

test('a new certificate of somebody else, then a backend that answers 503: each in its own words', async () => {
  const old = config;
  try {
    await deploy({ status: 503 });
    const foreign = await run(old);
    expectExactly(foreign, isAbout('shop', 'plain'));
    expect(sentences(foreign)).toEqual([
      'HTTP 503, expected 200: "the shop\\n"',
      expect.stringMatching(
        /^the certificate is not to be trusted \(\w+\): CN=shop\.example\.test \(for DNS:shop\.example\.test\), issued by CN=shop-ca, valid until \w{3} +\d/,
      ),
    ]);
    const busy = await run();
    expectExactly(busy, isAbout('shop', 'plain'));
    expect(sentences(busy)).toEqual(['HTTP 503, expected 200: "the shop\\n"']);
  } finally {
    await deploy();
  }
  expectExactly(await run(), () => false);
});

test('a name that the ingress does not serve: 404 and a stranger’s certificate', async () => {
  const { host, ca } = there;
  const url = 'https://other.example.test/';
  const flags = await configured({
    ingress: [
      { name: 'unknown', url, address: 'nodes', tls: { ca } },
      { name: 'insecure', url, address: 'nodes', tls: { insecure: true } },
      { name: 'by-sni', url, address: 'nodes', tls: { ca, sni: host } },
    ],
  });
  const wrong = await run(flags);
  expectExactly(wrong, () => true);
  expect(sentences(wrong)).toEqual([
    'HTTP 404, expected 200: "no such host\\n"',
    expect.stringMatching(/CN=ingress default .*issued by CN=unknown-ca/),
  ]);
});

test('whatever is given for 192.0.2.1, even a 404, breaks the control: then no answer proves anything', async () => {
  const { v4 } = cluster.nodes.find(({ name }) => name === two)?.addresses ?? {};
  const rule = `PREROUTING -d 192.0.2.1 -p tcp --dport 443 -j DNAT --to-destination ${v4}:443`.split(' ');
  const fault: Fault = {
    node: two,
    inject: [['iptables', '-w', '-t', 'nat', '-I', ...rule]],
    undo: [['iptables', '-w', '-t', 'nat', '-D', ...rule]],
  };
  const { result, exitCode } = await withFault(cluster, fault, () => run());
  expect(exitCode).toBe(2);
  expect(idsWith(result, 'failed')).toEqual([]);
  const broken = result.controls.filter(({ state }) => state === 'broken');
  expect(broken.map(({ control }) => control.id)).toEqual([
    `control/silent-address/ingress/http/v4 pod ${two}`,
  ]);
});
