import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { dropRule, type Fault } from '../../fixtures/faults/inject.ts';
import type { Case } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { check, netaccept } from './netaccept.ts';
import { isBetween } from './predict.ts';
import { expectGreen, expectRed } from './red.ts';

const env = { NETACCEPT_UDP_PORT_PORTS: '4789,14789' };
const run = () => check(['--keep', '--only', 'udp-port'], { env });

let cluster: Cluster;
let one: string;
let two: string;
let three: string;

beforeAll(async () => {
  cluster = await testCluster();
  [one, two, three] = await fourNodes(cluster);
});

afterAll(async () => {
  await netaccept(['clean']);
});

const isPort = (entry: Case, port: string) => entry.about?.port === port;

test('2 ports × 2 families × 4² pairs: 4789 over IPv4 is the tunnel’s, and said to be', async () => {
  const { result, exitCode } = await run();
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(result.verdicts).toHaveLength(2 * 2 * 4 ** 2);
  const tunnelled = result.verdicts.filter(({ sentence }) =>
    sentence.startsWith("UDP port 4789 is the CNI's: vxlan device vxlan0, VNI 1, "),
  );
  expect(tunnelled.map((entry) => entry.case.id)).toEqual(
    result.verdicts.flatMap(({ case: entry }) =>
      isPort(entry, '4789') && entry.family === 'v4' ? [entry.id] : [],
    ),
  );
  expect(exitCode).toBe(0);
});

test('a free port dropped on node 3: all that goes to it there, and nothing of the other port', async () => {
  await expectRed(
    cluster,
    dropRule(three, 'INPUT -p udp --dport 14789 -j DROP'),
    run,
    (entry) => isPort(entry, '14789') && entry.target.node === three,
  );
});

test('the overlay dropped from node 1 to node 2: its port that way, through the tunnel', async () => {
  const from = cluster.nodes.find((node) => node.name === one)?.addresses.v4 ?? '';
  const [red] = await expectRed(
    cluster,
    dropRule(two, `INPUT -s ${from} -p udp --dport 4789 -j DROP`, ['iptables']),
    run,
    (entry) => isPort(entry, '4789') && entry.family === 'v4' && isBetween(entry, one, two),
  );
  expect(red?.sentence).toMatch(
    /^UDP port 4789 is the CNI's: .*: through the tunnel to the agent pod on \S+, timed-out/,
  );
});

test('a filter that drops only valid VXLAN: seen with udpPort.vxlan, and only then', async () => {
  // The first byte of the payload is VXLAN's flags.
  const rule = 'add rule inet shape in udp dport 14789 @th,64,8 0x08 drop';
  const fault: Fault = {
    node: three,
    inject: [
      ['nft', 'add', 'table', 'inet', 'shape'],
      ['nft', 'add chain inet shape in { type filter hook input priority 0; }'],
      ['nft', rule],
    ],
    undo: [['nft', 'delete', 'table', 'inet', 'shape']],
  };
  const shaped = { ...env, NETACCEPT_UDP_PORT_VXLAN: 'true' };
  await expectRed(
    cluster,
    fault,
    async () => {
      expect((await run()).exitCode).toBe(0);
      return check(['--keep', '--only', 'udp-port'], { env: shaped });
    },
    (entry) => isPort(entry, '14789') && entry.target.node === three,
  );
});

test('mended, everything is proven again', async () => expectGreen(await run()));
