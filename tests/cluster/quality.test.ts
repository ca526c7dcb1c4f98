import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { dropRule } from '../../fixtures/faults/inject.ts';
import type { Case } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { check, netaccept } from './netaccept.ts';
import { isBetween } from './predict.ts';
import { expectGreen, expectRed } from './red.ts';

const ONLY = ['--keep', '--only', 'quality'];

let cluster: Cluster;
let one: string;
let two: string;
let from = '';

beforeAll(async () => {
  cluster = await testCluster();
  [one, two] = await fourNodes(cluster);
  from = cluster.nodes.find((node) => node.name === one)?.addresses.v4 ?? '';
});

afterAll(async () => {
  await netaccept(['clean']);
});

const isThatWay = (entry: Case) =>
  entry.path === 'node-to-node' && entry.family === 'v4' && isBetween(entry, one, two);

test('4 dual-stack Nodes: 2 paths × 2 families × 4·3 directions, each with loss and rtt', async () => {
  const { result, exitCode } = await check(ONLY);
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(result.verdicts).toHaveLength(2 * 2 * 4 * 3);
  for (const { measured, attempts } of result.verdicts) {
    expect(measured?.rttMs?.p95).toBeGreaterThan(0);
    expect(attempts[0]?.sent).toBe(10);
  }
  expect(exitCode).toBe(0);
});

test('30 % loss one way, seen with a hundred packets: that direction, with about that loss', async () => {
  const rule = `INPUT -s ${from} -p udp --dport 29803 -m statistic --mode random --probability 0.3 -j DROP`;
  const run = () => check([...ONLY, '--deep']);
  const [red] = await expectRed(cluster, dropRule(two, rule, ['iptables']), run, isThatWay);
  expect(red?.reason).toBe('lossy');
  expect(red?.attempts[0]?.sent).toBe(100);
  expect(red?.measured?.lossPercent).toBeGreaterThan(10);
  expect(red?.measured?.lossPercent).toBeLessThan(60);
});

test('one of five source ports dropped, as by one bad member of a bond: named, though that much loss is allowed', async () => {
  const env = { NETACCEPT_QUALITY_SOURCE_PORT_BASE: '40000', NETACCEPT_QUALITY_MAX_LOSS_PERCENT: '50' };
  const rule = `INPUT -s ${from} -p udp --sport 40002 --dport 29803 -j DROP`;
  const run = () => check(ONLY, { env });
  const [red] = await expectRed(cluster, dropRule(two, rule, ['iptables']), run, isThatWay);
  expect(red?.sentence).toMatch(/^1 of 5 source ports is dead \(40002\), the others lost nothing: /);
});

test('mended, everything is proven again', async () => expectGreen(await check(ONLY)));
