import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { dropRule, type Fault } from '../../fixtures/faults/inject.ts';
import type { Case } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { check, idsWith, netaccept } from './netaccept.ts';
import { idsWhere, isBetween } from './predict.ts';
import { expectGreen, expectRed } from './red.ts';

const run = () => check(['--keep', '--only', 'mtu']);

let cluster: Cluster;
let two: string;
let three: string;
let four: string;

beforeAll(async () => {
  cluster = await testCluster();
  // Node 1 holds the API server: what goes through it must stay whole.
  [, two, three, four] = await fourNodes(cluster);
});

afterAll(async () => {
  await netaccept(['clean']);
});

function addressOf(name: string): string {
  return cluster.nodes.find((node) => node.name === name)?.addresses.v4 ?? '';
}

test('4 dual-stack Nodes: 2 paths × 2 families × 4·3 directions, each with its path MTU', async () => {
  const { result, exitCode } = await run();
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(result.verdicts).toHaveLength(2 * 2 * 4 * 3);
  const measured = result.verdicts.map((entry) => [entry.case.path, entry.measured?.pathMtu]);
  expect(new Set(measured.map(String))).toEqual(new Set(['pod-to-pod,1450', 'node-to-node,1500']));
  expect(exitCode).toBe(0);
});

test('a black hole above 1300 bytes in the overlay, one way: that direction between pods, measured to the byte', async () => {
  // VXLAN puts 50 bytes around a packet.
  const rule = `INPUT -s ${addressOf(three)} -p udp --dport 4789 -m length --length 1351:65535 -j DROP`;
  const red = await expectRed(
    cluster,
    dropRule(four, rule, ['iptables']),
    run,
    (entry) => entry.path === 'pod-to-pod' && isBetween(entry, three, four),
  );
  expect(red.map(({ reason, measured }) => [reason, measured?.pathMtu])).toEqual([
    ['black-hole', 1300],
    ['black-hole', 1300],
  ]);
});

test('the same between Nodes over IPv4 takes the overlay along, that goes over IPv4', async () => {
  const rule = `INPUT -s ${addressOf(three)} -m length --length 1301:65535 -j DROP`;
  const isRed = (entry: Case) =>
    isBetween(entry, three, four) && (entry.path === 'pod-to-pod' || entry.family === 'v4');
  const red = await expectRed(cluster, dropRule(four, rule, ['iptables']), run, isRed);
  const [ofNodes] = red.filter((entry) => entry.case.path === 'node-to-node');
  expect(ofNodes?.sentence).toMatch(/^\S+ → \S+: a path MTU black hole: .*; 1300 bytes still pass$/);
});

test('TCP alone that loses large segments is a black hole, though UDP and ping pass', async () => {
  const rule = `INPUT -s ${addressOf(three)} -p tcp -m length --length 1301:65535 -j DROP`;
  const red = await expectRed(
    cluster,
    dropRule(four, rule, ['iptables']),
    run,
    (entry) => entry.path === 'node-to-node' && entry.family === 'v4' && isBetween(entry, three, four),
  );
  expect(red[0]?.sentence).toContain('65536 bytes by TCP stalled after a small greeting');
});

test('fragments dropped on the way: Node to Node in that direction, said to be fragments', async () => {
  // Before the kernel puts them together again, which it does at -400.
  const chain = '{ type filter hook prerouting priority -450; }';
  const source = cluster.nodes.find((node) => node.name === three)?.addresses;
  const rule = (words: string) => ['nft', 'add', 'rule', 'inet', 'fragments', 'early', ...words.split(' ')];
  const fault: Fault = {
    node: four,
    inject: [
      ['nft', 'add', 'table', 'inet', 'fragments'],
      ['nft', `add chain inet fragments early ${chain}`],
      rule(`ip saddr ${source?.v4} ip frag-off & 0x3fff != 0 drop`),
      rule(`ip6 saddr ${source?.v6} exthdr frag exists drop`),
    ],
    undo: [['nft', 'delete', 'table', 'inet', 'fragments']],
  };
  const red = await expectRed(
    cluster,
    fault,
    run,
    (entry) => entry.path === 'node-to-node' && isBetween(entry, three, four),
  );
  for (const { sentence } of red) expect(sentence).toContain('fragments are lost on the way');
});

test('a tunnel device smaller than the pods’: what its Node’s pods send is a mismatch, told by the router', async () => {
  const fault: Fault = {
    node: two,
    inject: [['ip', 'link', 'set', 'vxlan0', 'mtu', '1300']],
    undo: [['ip', 'link', 'set', 'vxlan0', 'mtu', '1450']],
  };
  const red = await expectRed(
    cluster,
    fault,
    run,
    (entry) => entry.path === 'pod-to-pod' && entry.source.node === two,
  );
  expect(new Set(red.map(({ reason, measured }) => `${reason} ${measured?.pathMtu}`))).toEqual(
    new Set(['mismatch 1300']),
  );
});

test('an MTU that is expected and that no pod’s device has is a mismatch between all pods', async () => {
  const { result, exitCode } = await check(['--keep', '--only', 'mtu'], {
    env: { NETACCEPT_MTU_POD: '1480' },
  });
  expect(idsWith(result, 'failed')).toEqual(idsWhere(result, (entry) => entry.path === 'pod-to-pod'));
  expect(exitCode).toBe(1);
});

test('mended, everything is proven again', async () => expectGreen(await run()));
