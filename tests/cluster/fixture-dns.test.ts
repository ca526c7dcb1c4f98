// The faults of DNS do what they promise, on a real cluster, and mend it: asked with dig from a Node.
import { beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { answering, withCorefile } from '../../fixtures/faults/corefile.ts';
import { type DnsPod, deafDnsPod, dnsPods, frozenDnsPod } from '../../fixtures/faults/dns-pods.ts';
import { withFault } from '../../fixtures/faults/inject.ts';
import { testCluster } from './cluster.ts';

const NAME = 'kube-dns.kube-system.svc.cluster.local';

let cluster: Cluster;
let first: DnsPod;
let second: DnsPod;

beforeAll(async () => {
  cluster = await testCluster();
  const [one, two, ...more] = await dnsPods(cluster);
  if (!one || !two || more.length > 0) throw new Error('these tests need a cluster with two DNS pods');
  [first, second] = [one, two];
});

test('the two DNS pods are on two Nodes', () => {
  expect(first.node).not.toBe(second.node);
});

test('a deaf pod answers nothing over these protocols, the other one everything', async () => {
  const healthy = await answers(NAME);
  expect(new Set(healthy).size).toBe(1);
  expect(healthy[0]).not.toBe('');
  const [truth] = healthy;
  expect(await withFault(cluster, deafDnsPod(second), () => answers(NAME))).toEqual([truth, truth, '', '']);
  const udpOnly = deafDnsPod(second, ['udp']);
  expect(await withFault(cluster, udpOnly, () => answers(NAME))).toEqual([truth, truth, '', truth]);
  expect(await answers(NAME)).toEqual(healthy);
});

test('a frozen pod answers nothing, and goes on afterwards', async () => {
  const healthy = await answers(NAME);
  const [truth] = healthy;
  expect(await withFault(cluster, frozenDnsPod(first), () => answers(NAME))).toEqual(['', '', truth, truth]);
  expect(await answers(NAME)).toEqual(healthy);
});

test('another Corefile lies about one name and no other', async () => {
  const healthy = await answers(NAME);
  const others = await answers('kubernetes.default.svc.cluster.local');
  const edit = answering(NAME, { v4: '192.0.2.7', v6: '2001:db8::7' });
  await withCorefile(cluster, edit, async () => {
    expect(new Set(await answers(NAME))).toEqual(new Set(['192.0.2.7']));
    expect(await answers('kubernetes.default.svc.cluster.local')).toEqual(others);
  });
  expect(await answers(NAME)).toEqual(healthy);
});

/** The A record from the first pod by udp and tcp, then the second; '' for none. */
async function answers(name: string): Promise<string[]> {
  const questions = [first, second].flatMap((pod) => ['+notcp', '+tcp'].map((how) => ({ pod, how })));
  return Promise.all(
    questions.map(async ({ pod, how }) => {
      const server = `@${pod.addresses.v4 ?? pod.addresses.v6}`;
      const from = cluster.nodes[0]?.name ?? '';
      const dig = ['dig', '+short', '+time=2', '+tries=1', how, server, name];
      const { exitCode, stdout } = await cluster.exec(from, dig);
      return exitCode === 0 ? stdout.trim() : '';
    }),
  );
}
