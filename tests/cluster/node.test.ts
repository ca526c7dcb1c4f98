// What an operator would look at on a Node by hand: each fault turns exactly its own case red, and mended all is green.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { dropRule, type Fault, withFault } from '../../fixtures/faults/inject.ts';
import type { RunResult } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { check, idsWith, netaccept } from './netaccept.ts';
import { kubectl } from './users.ts';

/** The agents stay between the runs of this file. */
const ONLY = ['--keep', '--only', 'node'];

let cluster: Cluster;
let one: string;
let two: string;
let three: string;
let four: string;

beforeAll(async () => {
  cluster = await testCluster();
  [one, two, three, four] = await fourNodes(cluster);
});

afterAll(async () => {
  await netaccept(['clean']);
});

async function expectGreen(env: Record<string, string> = {}): Promise<RunResult> {
  const { result, exitCode } = await check(ONLY, { env });
  expect(idsWith(result, 'failed')).toEqual([]);
  expect(idsWith(result, 'errored')).toEqual([]);
  expect(exitCode).toBe(0);
  return result;
}

async function expectRed(fault: Fault, red: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { result, exitCode } = await withFault(cluster, fault, () => check(ONLY, { env }));
  expect(idsWith(result, 'failed')).toEqual(
    red.map((id) => `on-node/node${id.startsWith('v') ? '/' : ' '}${id}`),
  );
  expect(idsWith(result, 'errored')).toEqual([]);
  expect(exitCode).toBe(1);
  return result.verdicts.filter(({ verdict }) => verdict === 'failed').map(({ sentence }) => sentence);
}

const words = (command: string) => command.split(' ');

test('healthy: eleven cases a Node, all passed', async () => {
  const result = await expectGreen();
  expect(result.verdicts).toHaveLength(11 * 4);
});

test('a device of an older overlay, with a route into the pods’ network', async () => {
  // Of the pods' network, and of no Node.
  const nobodys = `${(await routeTo(three)).cidr.split('.').slice(0, 2).join('.')}.77`;
  const fault: Fault = {
    node: two,
    inject: [
      'ip link add tunl0 type veth peer name tunl0-peer',
      'ip link set tunl0 up',
      `ip address add ${nobodys}.1/32 dev tunl0`,
      `ip route add ${nobodys}.0/26 dev tunl0 protocol bird`,
    ].map(words),
    // The device takes its address and its route with it.
    undo: [words('ip link delete tunl0'), [], [], []],
  };
  const [device, route] = await expectRed(fault, [
    `${two} → tunnel devices`,
    `v4 ${two} → routes of Nodes that are gone`,
  ]);
  expect(device).toMatch(/^tunl0 \(veth\) is there \(up, \S+\.77\.1\/32, 1 route\), and .* are not so/);
  expect(route).toBe(`route ${nobodys}.0/26 dev tunl0 (protocol bird) leads to no Node of this cluster`);
});

/** Of Node one, as `ip` prints it: the words to put it back with. */
async function routeTo(node: string) {
  const podCidrs = await kubectl('get', 'node', node, '-o', 'jsonpath={.spec.podCIDRs[*]}');
  const cidr = podCidrs.split(' ').find((each) => each.includes('.')) ?? '';
  const { stdout } = await cluster.exec(one, words(`ip route show exact ${cidr}`));
  expect(stdout).toContain(cidr);
  return { cidr, original: stdout.trim().replaceAll(/\s+/g, ' ') };
}

test('a CNI that took a Docker bridge’s address for the Node’s', async () => {
  const key = 'projectcalico.org/IPv4Address';
  const addresses = new Map(cluster.nodes.map(({ name, addresses }) => [name, `${addresses.v4}/24`]));
  try {
    for (const [name, address] of addresses) await kubectl('annotate', 'node', name, `${key}=${address}`);
    const healthy = await expectGreen();
    expect(idsWith(healthy, 'passed').filter((id) => id.includes('Calico'))).toHaveLength(4);
    await kubectl('annotate', '--overwrite', 'node', two, `${key}=172.19.0.1/16`);
    const { result } = await check(ONLY);
    expect(idsWith(result, 'failed')).toEqual([`on-node/node ${two} → addresses that Calico announces`]);
    expect(idsWith(result, 'errored')).toEqual([]);
  } finally {
    for (const name of addresses.keys()) await kubectl('annotate', 'node', name, `${key}-`);
  }
});

test('BGP: a Node that one other cannot reach, and one where nobody listens', async () => {
  const required = { NETACCEPT_NODE_BGP: 'required' };
  const listen = ['sh', '-c', 'setsid socat TCP-LISTEN:179,fork,reuseaddr PIPE >/dev/null 2>&1 </dev/null &'];
  const listens = ['sh', '-c', 'until ss -Hlnt "sport = :179" | grep -q LISTEN; do sleep 0.1; done'];
  const stop = words('pkill -f TCP-LISTEN:179');
  const nodes = [one, two, three, four];
  const started: string[] = [];
  try {
    for (const node of nodes) {
      await cluster.exec(node, listen);
      started.push(node);
      await cluster.exec(node, listens);
    }
    const healthy = await expectGreen(required);
    expect(idsWith(healthy, 'passed').filter((id) => id.endsWith('→ BGP'))).toHaveLength(4);
    const from = cluster.nodes.find(({ name }) => name === one)?.addresses.v4;
    const dropped = dropRule(two, `INPUT -s ${from} -p tcp --dport 179 -j DROP`, ['iptables']);
    const [sentence] = await expectRed(dropped, [`${one} → BGP`], required);
    expect(sentence).toMatch(new RegExp(`^BGP port 179 of ${two} \\(.*\\): timed-out$`));
    const dead: Fault = { node: three, inject: [stop], undo: [listen] };
    const [silent] = await expectRed(dead, [`${three} → BGP`], required);
    expect(silent).toBe('nobody listens on TCP 179 here, node.bgp requires it');
  } finally {
    for (const node of started) await cluster.exec(node, stop);
  }
});
