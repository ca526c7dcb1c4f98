// Each fault turns exactly the predicted cases red and leaves everything else green; mended, all is green.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { dropRule, type Fault, withFault } from '../../fixtures/faults/inject.ts';
import type { Case } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { addressesIn, check, idsWith, netaccept, PAIRS } from './netaccept.ts';
import { idsWhere, isBetween } from './predict.ts';
import { expectGreen, expectRed as expectRedAndMended } from './red.ts';
import { kubectl } from './users.ts';

/** The agents stay between the runs of this file: what is tested is the verdicts. */
const KEEP = ['--keep', ...PAIRS];

let cluster: Cluster;
let one: string;
let two: string;
let three: string;
let four: string;

beforeAll(async () => {
  cluster = await testCluster();
  [one, two, three, four] = await fourNodes(cluster);
  // Agents that start in the middle of a fault would mend some: the CNI switches forwarding on for each new pod.
  expectGreen(await check(KEEP));
});

afterAll(async () => {
  await netaccept(['clean']);
});

async function expectRed(fault: Fault, isRed: (entry: Case) => boolean): Promise<void> {
  await expectRedAndMended(cluster, fault, () => check(KEEP), isRed);
}

test('VXLAN dropped from node 1 to node 2: the overlay cases 1→2, and those whose replies go that way', async () => {
  const from = cluster.nodes.find((node) => node.name === one)?.addresses;
  const source = from?.v4 ?? from?.v6 ?? '';
  const program = from?.v4 === undefined ? 'ip6tables' : 'iptables';
  const rule = `INPUT -s ${source} -p udp --dport 4789 -j DROP`;
  await expectRed(dropRule(two, rule, [program]), (entry) => {
    if (entry.path === 'pod-to-pod') return isBetween(entry, one, two) || isBetween(entry, two, one);
    // The request to a pod crosses the overlay, and so does the reply to one.
    if (entry.path === 'node-to-pod') return isBetween(entry, one, two);
    return entry.path === 'pod-to-node' && isBetween(entry, two, one);
  });
});

test('one TCP port dropped on node 3: its tcp cases, and neither http nor udp nor its pods', async () => {
  await expectRed(
    dropRule(three, 'INPUT -p tcp --dport 29801 -j DROP'),
    (entry) => entry.check === 'tcp' && entry.target.network === 'host' && entry.target.node === three,
  );
});

test('ICMP echo dropped on node 3: its icmp cases only', async () => {
  const fault: Fault = {
    node: three,
    inject: [
      ['iptables', '-w', '-I', 'INPUT', '-p', 'icmp', '--icmp-type', 'echo-request', '-j', 'DROP'],
      ['ip6tables', '-w', '-I', 'INPUT', '-p', 'icmpv6', '--icmpv6-type', 'echo-request', '-j', 'DROP'],
    ],
    undo: [
      ['iptables', '-w', '-D', 'INPUT', '-p', 'icmp', '--icmp-type', 'echo-request', '-j', 'DROP'],
      ['ip6tables', '-w', '-D', 'INPUT', '-p', 'icmpv6', '--icmpv6-type', 'echo-request', '-j', 'DROP'],
    ],
  };
  await expectRed(
    fault,
    (entry) => entry.check === 'icmp' && entry.target.network === 'host' && entry.target.node === three,
  );
});

test('IPv6 forwarding off on node 2: IPv6 through it, nothing else', async () => {
  const fault: Fault = {
    node: two,
    inject: [['sysctl', '-w', 'net.ipv6.conf.all.forwarding=0']],
    undo: [['sysctl', '-w', 'net.ipv6.conf.all.forwarding=1']],
  };
  await expectRed(fault, (entry) => {
    if (entry.family !== 'v6') return false;
    // What starts or ends in one of its pods must be forwarded by it, unless it is one of the two ends itself.
    if (entry.locality === 'same-node') return entry.path === 'pod-to-pod' && entry.source.node === two;
    return [entry.source, entry.target].some((end) => end.node === two && end.network === 'pod');
  });
});

describe('a stopped node', () => {
  test('its kernel still answers ping and handshakes, and nothing above: everything but icmp to it is red', async () => {
    await cluster.pause(four);
    const { result, exitCode } = await check(KEEP).finally(() => cluster.unpause(four));
    // Its own agents cannot be asked: of what starts there, nobody knows.
    expect(idsWith(result, 'errored')).toEqual(idsWhere(result, (entry) => entry.source.node === four));
    expect(idsWith(result, 'failed')).toEqual(
      idsWhere(
        result,
        (entry) => entry.source.node !== four && entry.target.node === four && entry.check !== 'icmp',
      ),
    );
    expect(exitCode).toBe(1);
    // Kubernetes takes its time to believe that the node is back.
    await kubectl('wait', '--for=condition=Ready', `node/${four}`, '--timeout=300s');
    await kubectl('wait', '--for=condition=Ready', 'pod', '--all', '-A', '--timeout=300s');
    expectGreen(await check(KEEP));
  });
});

test('an answer by the wrong pod is red, and says who answered', async () => {
  const { result: healthy, dir } = await check(KEEP);
  expect(healthy.exitCode).toBe(0);
  const addresses = await addressesIn(dir);
  const meant = addresses.get(`pod prober ${two}`)?.v4 ?? '';
  const foreign = addresses.get(`pod prober ${three}`)?.v4 ?? '';
  const rule = `PREROUTING -d ${meant} -p tcp --dport 29801 -j DNAT --to-destination ${foreign}:29801`;
  const fault: Fault = {
    node: one,
    inject: [['iptables', '-w', '-t', 'nat', '-I', ...rule.split(' ')]],
    undo: [['iptables', '-w', '-t', 'nat', '-D', ...rule.split(' ')]],
  };
  const { result, exitCode } = await withFault(cluster, fault, () => check(KEEP));
  expect(exitCode).toBe(1);
  expect(idsWith(result, 'failed')).toEqual([`pod-to-pod/tcp/v4 ${one} → ${two}`]);
  const [red] = result.verdicts.filter((entry) => entry.verdict === 'failed');
  expect(red?.reason).toBe('wrong-responder');
  expect(red?.sentence).toMatch(new RegExp(`^answered by pod \\S+ on ${three}, expected pod \\S+ on ${two}`));
});

test('a control that is answered ends the run with 2: the detector is broken', async () => {
  const { dir } = await check(KEEP);
  const own = (await addressesIn(dir)).get(`pod prober ${two}`)?.v4 ?? '';
  const rule = `PREROUTING -d 192.0.2.1 -p tcp --dport 29801 -j DNAT --to-destination ${own}:29801`;
  const fault: Fault = {
    node: one,
    inject: [['iptables', '-w', '-t', 'nat', '-I', ...rule.split(' ')]],
    undo: [['iptables', '-w', '-t', 'nat', '-D', ...rule.split(' ')]],
  };
  const { result, exitCode } = await withFault(cluster, fault, () => check(KEEP));
  expect(exitCode).toBe(2);
  expect(idsWith(result, 'failed')).toEqual([]);
  const broken = result.controls.filter((entry) => entry.state === 'broken');
  expect(broken.map((entry) => entry.control.id)).toEqual([`control/silent-address/tcp/v4 pod ${one}`]);
});
