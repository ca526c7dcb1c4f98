// Check services on a real cluster: healthy, and broken one way after the other with exactly those cases red.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { dropRule, type Fault, withFault } from '../../fixtures/faults/inject.ts';
import { withoutProxy } from '../../fixtures/faults/programs.ts';
import type { Case, ClusterService, Topology } from '../../src/model.ts';
import { readRecording } from '../../src/run/recording.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { type Checked, check, netaccept } from './netaccept.ts';
import { expectExactlyRed, expectGreen } from './red.ts';

const HOST_PORT = 29_804;

let cluster: Cluster;
let topology: Topology;
let one: string;
let two: string;
let three: string;
let four: string;

function run(env: Record<string, string> = {}): Promise<Checked> {
  return check(['--keep', '--only', 'services'], {
    env: { NETACCEPT_SERVICES_HOST_PORT: String(HOST_PORT), ...env },
  });
}

beforeAll(async () => {
  cluster = await testCluster();
  [one, two, three, four] = await fourNodes(cluster);
});

afterAll(async () => {
  await netaccept(['clean']);
});

test('a healthy cluster: every case is proven', async () => {
  const { exitCode, result, dir } = await run();
  expect(result.problems).toEqual([]);
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  // 6N² + 10N + 5 of each family, and tcp and udp to the hostPort of every Node from all eight sources.
  expect(result.verdicts).toHaveLength(2 * (6 * 4 ** 2 + 10 * 4 + 5) + 2 * 2 * 8 * 4);
  // Of each source agent and family: a closed port and a silent address.
  expect(result.controls.map(({ state }) => state)).toEqual(Array(8 * 2 * 2).fill('held'));
  expect(exitCode).toBe(0);
  const { header } = await readRecording(dir);
  if (header.topology === undefined) throw new Error('nothing was recorded');
  topology = header.topology;
  expect(own('netaccept').endpoints.filter(({ ready }) => ready)).toHaveLength(2 * 4);
  expect(own('netaccept').ports.every(({ nodePort = 0 }) => nodePort > 0)).toBe(true);
});

async function expectRed(
  fault: Fault,
  isRed: (entry: Case) => boolean,
  env: Record<string, string> = {},
): Promise<Checked> {
  const broken = await withFault(cluster, fault, () => run(env));
  expectExactlyRed(broken, isRed);
  return broken;
}

function sentences({ result }: Checked): string[] {
  return result.verdicts.flatMap(({ verdict, sentence }) => (verdict === 'failed' ? [sentence] : []));
}

test('no kube-proxy on node 3: its Services from there, its NodePorts from everywhere, and nothing else', async () => {
  await expectRed(withoutProxy(three), ({ source, target, about }) => {
    if (about?.kind === 'NodePort') return target.node === three;
    // Names are asked at the DNS Service's ClusterIP. What must be blocked at node 3 still is.
    return source.node === three && ['ClusterIP', 'headless', 'session affinity'].includes(about?.kind ?? '');
  });
});

test('the TCP NodePort of node 2 dropped on its way in: from everywhere but its own host network', async () => {
  const port = nodePort('netaccept', 'tcp');
  // Its pods' way to the same port of another Node leads through here too.
  const rule = `PREROUTING -t mangle -p tcp --dport ${port} -m addrtype --dst-type LOCAL -j DROP`;
  const fault = dropRule(two, rule);
  await expectRed(fault, ({ source, target, about }) => {
    const own = source.network === 'host' && source.node === two;
    return about?.kind === 'NodePort' && about.protocol === 'tcp' && target.node === two && !own;
  });
});

test('a ClusterIP that leads to a pod which is no endpoint: wrong responder, named', async () => {
  const peer = agent(three, 'peer');
  const { v4: vip } = own('netaccept').clusterIPs;
  const rule = `PREROUTING -d ${vip} -p tcp --dport 29801 -j DNAT --to-destination ${peer.addresses.v4}:29801`;
  const broken = await expectRed(
    natRules(two, rule),
    ({ path, source, family, about }) =>
      path === 'pod-to-service' && source.node === two && family === 'v4' && isTo(about, 'ClusterIP', 'tcp'),
  );
  expect(sentences(broken)).toEqual([
    `answered by pod ${peer.pod} on ${three}, which is no ready endpoint of netaccept/netaccept`,
  ]);
});

test('a ready endpoint whose port is dropped everywhere is named, and every source that met it is red', async () => {
  const dead = agent(four, 'prober');
  const broken = await expectRed(
    inPod(four, dead.addresses.v4, 'INPUT -p tcp --dport 29802 -j DROP'),
    ({ family, about }) =>
      family === 'v4' && (isTo(about, 'ClusterIP', 'http') || isTo(about, 'every endpoint', 'http')),
    // So many flows that every source meets it: the chance that one of eight does not is 8 × 0.75^36. More would only
    // make two cores busy.
    { NETACCEPT_SERVICES_REQUESTS: '36' },
  );
  expect(sentences(broken)).toContain(`pod ${dead.pod} on ${four} answered none of 288 flows`);
});

test('session affinity broken for the pods of node 2: both endpoints are named', async () => {
  const { v4: vip } = own('netaccept-sticky').clusterIPs;
  const [first, second] = [agent(one, 'prober'), agent(three, 'prober')];
  const to = (address = '') => `-j DNAT --to-destination ${address}:29801`;
  const match = `PREROUTING -d ${vip} -p tcp --dport 29801`;
  // Each rule goes in front of the one before it.
  const fault = natRules(
    two,
    `${match} ${to(first.addresses.v4)}`,
    `${match} -m statistic --mode nth --every 2 --packet 0 ${to(second.addresses.v4)}`,
  );
  const broken = await expectRed(
    fault,
    ({ path, source, family, about }) =>
      path === 'pod-to-service' &&
      source.node === two &&
      family === 'v4' &&
      about?.kind === 'session affinity',
  );
  const [sentence = ''] = sentences(broken);
  for (const { pod } of [first, second]) expect(sentence).toContain(`pod ${pod} on`);
  expect(sentence).toContain('sessionAffinity ClientIP');
});

test('a Node without endpoint that answers a Local NodePort all the same: not blocked', async () => {
  const { v4: at } = topology.nodes.find(({ name }) => name === two)?.addresses ?? {};
  const { v4: to } = agent(one, 'prober').addresses;
  const port = nodePort('netaccept-local', 'tcp');
  const fault = natRules(
    two,
    `PREROUTING -d ${at} -p tcp --dport ${port} -j DNAT --to-destination ${to}:29801`,
    // Without it the answers would go past node 2 and be nobody's.
    `POSTROUTING -d ${to} -p tcp --dport 29801 -m conntrack --ctorigdstport ${port} -j MASQUERADE`,
  );
  const broken = await expectRed(
    fault,
    ({ target, family, about, expect: expected }) =>
      expected === 'blocked' && target.node === two && family === 'v4' && about?.protocol === 'tcp',
  );
  expect(broken.result.verdicts.filter(({ reason }) => reason === 'not-blocked')).toHaveLength(3);
});

test('the hostPort of node 2 taken by another pod: wrong responder, from everywhere but its own host network', async () => {
  const thief = agent(two, 'peer');
  const { v4: at } = topology.nodes.find(({ name }) => name === two)?.addresses ?? {};
  const rule = `PREROUTING -d ${at} -p tcp --dport ${HOST_PORT} -j DNAT --to-destination ${thief.addresses.v4}:29801`;
  const broken = await expectRed(natRules(two, rule), ({ source, target, family, about }) => {
    const own = source.network === 'host' && source.node === two;
    return isTo(about, 'hostPort', 'tcp') && target.node === two && family === 'v4' && !own;
  });
  const expected = `answered by pod ${thief.pod} on ${two}, expected pod ${agent(two, 'host-port').pod}, which has the port`;
  expect(new Set(sentences(broken))).toEqual(new Set([expected]));
});

test('mended, everything is proven again', async () => {
  expectGreen(await run());
});

function isTo(about: Case['about'], kind: string, protocol: string): boolean {
  return about?.kind === kind && about.protocol === protocol;
}

function own(name: string): ClusterService {
  const found = topology.services.find((service) => service.role === 'own' && service.name === name);
  if (found === undefined) throw new Error(`no service ${name} was recorded`);
  return found;
}

function nodePort(service: string, name: string): number {
  return own(service).ports.find((port) => port.name === name)?.nodePort ?? 0;
}

function agent(node: string, role: 'prober' | 'peer' | 'host-port') {
  const found = topology.agents.find(
    (one) => one.network === 'pod' && one.role === role && one.node === node,
  );
  if (found === undefined) throw new Error(`no ${role} on ${node} was recorded`);
  return found;
}

/**
 * A rule in a pod's own network, not in front of it: a connection whose first packet never left its Node is balanced
 * anew when that is sent again.
 */
function inPod(node: string, address: string | undefined, rule: string): Fault {
  const script = (verb: string) => [
    'for ns in /run/netns/*; do',
    `  nsenter --net=$ns ip -o addr | grep -q ' ${address}/' && exec nsenter --net=$ns iptables -w ${verb} ${rule}`,
    'done; exit 1',
  ];
  const command = (verb: string) => [['sh', '-c', script(verb).join('\n')]];
  return { node, inject: command('-I'), undo: command('-D') };
}

/** Rules of the nat table, each put in front of the one before it. */
function natRules(node: string, ...rules: string[]): Fault {
  const command = (verb: string) => (rule: string) => [
    'iptables',
    '-w',
    '-t',
    'nat',
    verb,
    ...rule.split(' '),
  ];
  return { node, inject: rules.map(command('-I')), undo: rules.map(command('-D')) };
}
