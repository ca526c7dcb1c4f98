// The first finding names the fault: where it is, in which direction, on which layer. One run for each.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster, ClusterHost } from '../../fixtures/clusters/cluster.ts';
import { deafDnsPod, dnsPods } from '../../fixtures/faults/dns-pods.ts';
import { dropRule, type Fault } from '../../fixtures/faults/inject.ts';
import { withoutProxy } from '../../fixtures/faults/programs.ts';
import { echoDropped, packetsCut, portsClosed, portsUnsent, tunnelCut } from '../../fixtures/faults/ways.ts';
import type { Finding, Topology } from '../../src/model.ts';
import { readRecording } from '../../src/run/recording.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { withFaults } from './configured.ts';
import { type Checked, check, netaccept, PAIRS } from './netaccept.ts';
import { expectGreen } from './red.ts';

let cluster: Cluster;
let one: ClusterHost;
let two: ClusterHost;
let three: ClusterHost;
let four: ClusterHost;
/** As the kept agents make it; Services and NodePorts too. */
let topology: Topology;

beforeAll(async () => {
  cluster = await testCluster();
  const names = await fourNodes(cluster);
  const host = (name: string) => cluster.nodes.find((node) => node.name === name) as ClusterHost;
  [one, two, three, four] = [host(names[0]), host(names[1]), host(names[2]), host(names[3])];
  // Agents that start in the middle of a fault would mend some.
  const healthy = await check(['--keep', '--only', 'tcp,services']);
  expectGreen(healthy);
  topology = (await readRecording(healthy.dir)).header.topology as Topology;
});

afterAll(async () => {
  await netaccept(['clean']);
});

/** One run while all of these faults are there; its findings, of which there is one. */
async function findingsOf(faults: Fault[], only: readonly string[]): Promise<[Finding, ...Finding[]]> {
  const { result }: Checked = await withFaults(cluster, faults, () => check(['--keep', ...only]));
  const [first, ...rest] = result.diagnosis.findings;
  if (first === undefined) throw new Error('nothing was found');
  return [first, ...rest];
}

const only = (checks: string) => ['--only', checks];

test('the tunnel cut one way: which one, and what only follows from it, in one finding of its own', async () => {
  const [first, consequence] = await findingsOf(
    [tunnelCut(one, two)],
    only('tcp,http,udp,icmp,services,dns'),
  );
  expect(first.id).toBe(`overlay-one-way ${one.name} ${two.name}`);
  expect(first.title).toContain(
    `what ${one.name} sends does not arrive at ${two.name}, the other way it does`,
  );
  expect([first.confidence, first.contradicting, first.judged]).toEqual(['high', 0, 32]);
  expect(consequence?.consequenceOf).toBe(first.id);
});

test('the tunnel cut both ways: the pair', async () => {
  const [first, ...rest] = await findingsOf([tunnelCut(two, three), tunnelCut(three, two)], PAIRS);
  expect(first.id).toBe(`pair ${two.name} ${three.name} overlay`);
  expect(first.confidence).toBe('high');
  expect(rest).toEqual([]);
});

test('all packets lost from one Node to another: that direction, though both ways fail', async () => {
  const mac = await cluster.exec(four.name, ['cat', '/sys/class/net/eth0/address']);
  const [first, ...rest] = await findingsOf([packetsCut(mac.stdout.trim(), three)], PAIRS);
  expect(first.id).toBe(`packets-one-way ${four.name} ${three.name}`);
  expect([first.confidence, first.judged]).toEqual(['high', 64]);
  expect(rest).toEqual([]);
});

test('a Node closed to what comes in: the requests do not arrive there', async () => {
  const [first, ...rest] = await findingsOf([portsClosed(three.name)], PAIRS);
  expect(first.id).toBe(`node-in ${three.name} programs + target network host`);
  expect(first.title).toContain('; the requests do not arrive');
  expect(rest).toEqual([]);
});

test('a Node that may not send: from there', async () => {
  const [first, ...rest] = await findingsOf([portsUnsent(three.name)], PAIRS);
  expect(first.id).toBe(`node-out ${three.name} programs + source network host`);
  expect(rest).toEqual([]);
});

test.each([
  ['ICMP', 'icmp', echoDropped],
  ['UDP', 'udp', (node: string) => dropRule(node, 'INPUT ! -i lo -p udp --dport 29803 -j DROP')],
] as const)('%s dropped at a Node: that protocol, to that Node', async (_name, protocol, fault) => {
  const [first, ...rest] = await findingsOf([fault(two.name)], PAIRS);
  expect(first.id).toBe(`node-in ${two.name} check ${protocol} + target network host`);
  expect(rest).toEqual([]);
});

test('IPv6 forwarding off: IPv6, of that Node’s pods, and the setting by its name', async () => {
  const set = (value: number) => ['sysctl', '-w', `net.ipv6.conf.all.forwarding=${value}`];
  const fault = { node: two.name, inject: [set(0)], undo: [set(1)] };
  const findings = await findingsOf([fault], only('tcp,http,udp,icmp,node'));
  expect(findings[0].id).toBe(`node-in ${two.name} family v6 + target network pod`);
  expect(findings.map(({ title }) => title)).toContain(
    `on node ${two.name} itself: net.ipv6.conf.all.forwarding is 0, must be 1: the Node forwards no IPv6 packets of pods there`,
  );
});

test('no kube-proxy: the Node without one; then all Services’ addresses from there', async () => {
  const [first, second] = await findingsOf([withoutProxy(three.name)], only('node,services,dns,api-server'));
  expect(first.title).toContain(`on node ${three.name} itself: no kube-proxy at `);
  expect(second?.id).toBe(`node-out ${three.name} vip`);
});

test('a NodePort dropped on one Node: NodePorts over that protocol, to that Node', async () => {
  const own = topology.services.find(({ name }) => name === 'netaccept');
  const port = own?.ports.find(({ name }) => name === 'tcp')?.nodePort;
  const rule = `PREROUTING -t mangle -p tcp --dport ${port} -m addrtype --dst-type LOCAL -j DROP`;
  const [first, ...rest] = await findingsOf([dropRule(two.name, rule)], only('services'));
  expect(first.id).toBe(`node-in ${two.name} about kind NodePort + about protocol tcp`);
  expect(rest).toEqual([]);
});

test('one DNS pod deaf: DNS at its Node, before all the names that it makes fail', async () => {
  const [deaf] = await dnsPods(cluster);
  if (deaf === undefined) throw new Error('no DNS pod');
  const [first] = await findingsOf([deafDnsPod(deaf)], only('dns'));
  expect([first.kind, first.nodes, first.contradicting]).toEqual(['node-in', [deaf.node], 0]);
  expect(first.title).toContain('dns');
});

test('an MTU black hole one way: that direction, and that it is large packets', async () => {
  const [first, ...rest] = await findingsOf([tunnelCut(three, four, 1350)], only('mtu'));
  expect([first.kind, first.nodes]).toEqual(['one-way', [three.name, four.name]]);
  expect(first.title).toContain('mtu fails (black-hole)');
  expect(rest).toEqual([]);
});

test('the wrong pod answers: who, and for whom', async () => {
  const pod = (node: string) =>
    topology.agents.find(
      (agent) => agent.role === 'prober' && agent.network === 'pod' && agent.node === node,
    );
  const [meant, stranger] = [pod(two.name), pod(three.name)];
  const rule = `PREROUTING -d ${meant?.addresses.v4} -p tcp --dport 29801 -j DNAT --to-destination ${stranger?.addresses.v4}:29801`;
  const [first, ...rest] = await findingsOf(
    [dropRule(one.name, `${rule} -t nat`, ['iptables'])],
    only('tcp'),
  );
  expect(first.kind).toBe('wrong-responder');
  expect(first.title).toBe(
    `pod ${stranger?.pod} on ${three.name} answers for ${two.name}: traffic ends at the wrong pod`,
  );
  expect(rest).toEqual([]);
});
