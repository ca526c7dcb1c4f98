// Check services on a real cluster, with a hostPort; how Services break is the fault catalogue's (catalogue.test.ts).
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { natRules } from '../../fixtures/faults/inject.ts';
import { agentOn, ownService } from '../../fixtures/faults/places.ts';
import type { Topology } from '../../src/model.ts';
import { readRecording } from '../../src/run/recording.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { type Checked, check, netaccept } from './netaccept.ts';
import { expectGreen, expectRed } from './red.ts';

const HOST_PORT = 29_804;

let cluster: Cluster;
let topology: Topology;
let two: string;

function run(): Promise<Checked> {
  return check(['--keep', '--only', 'services'], {
    env: { NETACCEPT_SERVICES_HOST_PORT: String(HOST_PORT) },
  });
}

beforeAll(async () => {
  cluster = await testCluster();
  [, two] = await fourNodes(cluster);
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
  expect(ownService(topology, 'netaccept').endpoints.filter(({ ready }) => ready)).toHaveLength(2 * 4);
  expect(ownService(topology, 'netaccept').ports.every(({ nodePort = 0 }) => nodePort > 0)).toBe(true);
});

test('the hostPort of node 2 taken by another pod: wrong responder, from everywhere but its own host network', async () => {
  const thief = agentOn(topology, two, 'pod', 'peer');
  const holder = agentOn(topology, two, 'pod', 'host-port');
  const { v4: at } = topology.nodes.find(({ name }) => name === two)?.addresses ?? {};
  const rule = `PREROUTING -d ${at} -p tcp --dport ${HOST_PORT} -j DNAT --to-destination ${thief.addresses.v4}:29801`;
  const red = await expectRed(cluster, natRules(two, rule), run, ({ source, target, family, about }) => {
    const own = source.network === 'host' && source.node === two;
    const isHostPort = about?.kind === 'hostPort' && about.protocol === 'tcp';
    return isHostPort && target.node === two && family === 'v4' && !own;
  });
  const expected = `answered by pod ${thief.pod} on ${two}, expected pod ${holder.pod}, which has the port`;
  expect(new Set(red.map(({ sentence }) => sentence))).toEqual(new Set([expected]));
});

test('mended, everything is proven again', async () => {
  expectGreen(await run());
});
