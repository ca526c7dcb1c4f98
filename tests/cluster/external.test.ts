// A host outside the cluster, by name and by address, over every protocol.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { spareAddresses } from '../../fixtures/clusters/spare.ts';
import { dnsPods } from '../../fixtures/faults/dns-pods.ts';
import { dropRule, type Fault, withFaults } from '../../fixtures/faults/inject.ts';
import { type ExternalHost, externalHost } from '../../fixtures/workloads/external-host.ts';
import { bracketed } from '../../fixtures/workloads/reachable.ts';
import { testCluster } from './cluster.ts';
import { configured } from './configured.ts';
import { type Checked, check, netaccept } from './netaccept.ts';
import { expectExactly } from './red.ts';

/** A name that its name server knows only when it is told to. */
const SHOP = 'shop.external.test';

let cluster: Cluster;
let host: ExternalHost;
/** As the host was when the file was written: a new one has a new authority. */
let config: string[];

beforeAll(async () => {
  cluster = await testCluster();
  await deploy({ [SHOP]: spareAddresses(cluster, 'externalHost') });
});

afterAll(async () => {
  await netaccept(['clean']);
  await host.remove();
});

async function deploy(records: NonNullable<Parameters<typeof externalHost>[1]>['records']): Promise<void> {
  host = await externalHost(cluster, { ...(records && { records }) });
  const { name, ports, ca, body } = host;
  const addresses = Object.values(host.addresses);
  const each = (prefix: string, entryOf: (address: string) => object) =>
    Object.entries(host.addresses).map(([family, address]) => ({
      name: `${prefix}-${family}`,
      ...entryOf(bracketed(address)),
    }));
  config = await configured({
    external: [
      { name: 'site', url: `https://${name}/`, body, tls: { ca } },
      { name: 'site-there', url: `https://${name}/`, address: addresses, body, tls: { ca } },
      { name: 'shop', url: `http://${SHOP}/any?thing=1`, body },
      ...each('http', (address) => ({ url: `http://${address}/`, status: [200, 204] })),
      ...each('udp', (address) => ({ udp: `${address}:${ports.echo}`, send: 'hello', reply: 'hello' })),
      { name: 'echo', tcp: `${name}:${ports.echo}`, send: 'hello\n', reply: 'hello' },
      { name: 'port', tcp: ports.https, address: addresses, from: 'node' },
      { name: 'ping', icmp: name, from: 'pod' },
      ...addresses.map((address, index) => ({ name: `ping-${index + 1}`, icmp: address })),
    ],
  });
}

function run(): Promise<Checked> {
  return check(['--keep', '--only', 'external', ...config]);
}

/** What starts on this Node and in its pods, towards the host, is dropped. */
function cutOff(node: string, to = ''): Fault[] {
  return Object.entries(host.addresses).flatMap(([family, address]) =>
    ['OUTPUT', 'FORWARD'].map((chain) =>
      dropRule(node, `${chain} -d ${address}${to} -j DROP`, [family === 'v6' ? 'ip6tables' : 'iptables']),
    ),
  );
}

test('healthy: every source gets every answer, over each family that a target has', async () => {
  const healthy = await run();
  expectExactly(healthy, () => false);
  const families = healthy.result.families.length;
  // From both networks: three names, one list of addresses, and three targets that each have one address; from
  // one: a list and a name.
  expect(healthy.result.verdicts).toHaveLength((2 * (3 + 1 + 3) + 2) * cluster.nodes.length * families);
  const sentences = healthy.result.verdicts.map(({ sentence }) => sentence);
  expect(sentences).toContainEqual(
    expect.stringMatching(/^site \(https at [\d.]+ port 443\): answered at [\d.]+: HTTP 200 in [\d.]+ ms$/),
  );
  expect(sentences.filter((sentence) => !sentence.includes('answered'))).toEqual([]);
});

test('without targets nothing is sent: exit code 3, and what to configure', async () => {
  const { exitCode, result } = await check(['--keep', '--only', 'pod-to-external']);
  expect(exitCode).toBe(3);
  expect(result.verdicts).toEqual([]);
  expect(result.problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('external runs where `external` lists what to ask'),
  ]);
});

test('its port 80 dropped: http to it, and neither https nor ping', async () => {
  const faults = cluster.nodes.flatMap(({ name }) => cutOff(name, ' -p tcp --dport 80'));
  const broken = await withFaults(cluster, faults, run);
  expectExactly(broken, ({ about }) => about?.protocol === 'http');
  const red = broken.result.verdicts.filter(({ verdict }) => verdict === 'failed');
  expect(new Set(red.map(({ reason }) => reason))).toEqual(new Set(['timed-out']));
  expectExactly(await run(), () => false);
});

test('a Node that cannot reach it: everything from there, nothing from others', async () => {
  const serving = new Set((await dnsPods(cluster)).map(({ node }) => node));
  // The name servers must go on knowing the name, or everybody's cases by name were red.
  const node = cluster.nodes.find(({ name }) => !serving.has(name))?.name ?? '';
  const broken = await withFaults(cluster, cutOff(node), run);
  expectExactly(broken, ({ source }) => source.node === node);
  expectExactly(await run(), () => false);
});

test('a name that is gone: by name red and told as such, by address and by other names green', async () => {
  await deploy(undefined);
  const broken = await run();
  expectExactly(broken, ({ about }) => about?.target === 'shop');
  const red = broken.result.verdicts.filter(({ verdict }) => verdict === 'failed');
  expect([...new Set(red.map(({ sentence }) => sentence))]).toEqual([
    expect.stringMatching(
      /^shop cannot be asked: cannot resolve shop\.external\.test: ENOTFOUND by \S+( or \S+)?$/,
    ),
  ]);
});
