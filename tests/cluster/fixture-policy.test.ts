// The local cluster enforces NetworkPolicies: who reaches an application's pods, from every kind of source,
// on the same Node and across Nodes, on both families.
import type { V1NetworkPolicySpec } from '@kubernetes/client-node';
import pMap from 'p-map';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Cluster, ClusterHost } from '../../fixtures/clusters/cluster.ts';
import { execInPod } from '../../fixtures/clusters/in-pod.ts';
import { withFault } from '../../fixtures/faults/inject.ts';
import { withoutPolicies } from '../../fixtures/faults/programs.ts';
import { applyObjects } from '../../fixtures/workloads/objects.ts';
import { bracketed } from '../../fixtures/workloads/reachable.ts';
import { type UserApp, userApp } from '../../fixtures/workloads/user-app.ts';
import { testCluster } from './cluster.ts';
import { kubectl } from './users.ts';

/** `client@node-1 → node-2`; the families are tried together, and must agree. */
type Pair = `${'client' | 'app' | 'host'}@${string} → ${string}`;

let cluster: Cluster;
let app: UserApp;
let client: UserApp;
/** One Node each has a pod of the app and one of the client's. */
let near: ClusterHost;
let far: ClusterHost;

beforeAll(async () => {
  cluster = await testCluster();
  const [one, two] = cluster.nodes.slice(-2);
  if (!one || !two) throw new Error('these tests need two Nodes');
  [near, far] = [one, two];
  [app, client] = await Promise.all([
    userApp(cluster, { namespace: 'policy-app' }),
    userApp(cluster, { namespace: 'policy-client' }),
  ]);
});

afterEach(async () => {
  await kubectl('delete', 'networkpolicy', '--all', '-n', 'policy-app');
  await kubectl('delete', 'networkpolicy', '--all', '-n', 'policy-client');
});

afterAll(async () => {
  await Promise.all([app.remove(), client.remove()]);
});

const soon = { timeout: 60_000, interval: 200 };
const denyIngress = { podSelector: {}, policyTypes: ['Ingress'] };
/** What no policy can forbid: a pod to itself, and a Node to its own pods. */
const always = (pair: Pair) => /^(app|host)@(\S+) → \2$/.test(pair);
const from = (source: string) => (pair: Pair) => always(pair) || pair.startsWith(`${source}@`);

test.each<{
  title: string;
  spec?: () => V1NetworkPolicySpec;
  namespace?: string;
  passes: (pair: Pair) => boolean;
}>([
  { title: 'no policy: everybody', passes: () => true },
  { title: 'ingress denied: nobody', spec: () => denyIngress, passes: always },
  {
    title: 'pods of the same namespace',
    spec: () => ({ ...denyIngress, ingress: [{ _from: [{ podSelector: {} }] }] }),
    passes: from('app'),
  },
  {
    title: 'pods that have a label, of which there are none',
    spec: () => ({ ...denyIngress, ingress: [{ _from: [{ podSelector: { matchLabels: { no: 'pod' } } }] }] }),
    passes: always,
  },
  {
    title: 'pods of another namespace',
    spec: () => ({
      ...denyIngress,
      ingress: [{ _from: [{ namespaceSelector: namespaceOf('policy-client') }] }],
    }),
    passes: from('client'),
  },
  {
    title: 'a block of addresses: one Node’s',
    spec: () => ({ ...denyIngress, ingress: [{ _from: blocksOf(near) }] }),
    passes: (pair) => always(pair) || pair.startsWith(`host@${near.name}`),
  },
  {
    title: 'all addresses but one Node’s',
    spec: () => ({ ...denyIngress, ingress: [{ _from: everythingBut(near) }] }),
    passes: (pair) => always(pair) || !pair.startsWith(`host@${near.name}`),
  },
  {
    title: 'a port by its name',
    spec: () => ({ ...denyIngress, ingress: [{ ports: [{ port: 'http' }] }] }),
    passes: () => true,
  },
  {
    title: 'another port',
    spec: () => ({ ...denyIngress, ingress: [{ ports: [{ port: 9000 }, { port: 8080, protocol: 'UDP' }] }] }),
    passes: always,
  },
  {
    title: 'a selection that the app is not in: everybody',
    spec: () => ({ ...denyIngress, podSelector: { matchLabels: { app: 'other' } } }),
    passes: () => true,
  },
  {
    title: 'egress denied to the client',
    namespace: 'policy-client',
    spec: () => ({ podSelector: {}, policyTypes: ['Egress'] }),
    passes: (pair) => !pair.startsWith('client@'),
  },
])('$title', async ({ spec, namespace = 'policy-app', passes }) => {
  if (spec) await applyObjects(cluster, namespace, [policyOf(namespace, spec())]);
  await expect.poll(reached, soon).toEqual(pairs().filter(passes));
});

test('without its engine, a Node’s pods are open to all, and only its', async () => {
  const policy = policyOf('policy-app', denyIngress);
  await applyObjects(cluster, 'policy-app', [policy]);
  await expect.poll(reached, soon).toEqual(pairs().filter(always));
  const open = pairs().filter((pair) => always(pair) || pair.endsWith(`→ ${far.name}`));
  await withFault(cluster, withoutPolicies(far.name), async () => expect(await reached()).toEqual(open));
  await expect.poll(reached, soon).toEqual(pairs().filter(always));
});

function policyOf(namespace: string, spec: V1NetworkPolicySpec) {
  const metadata = { name: 'under-test', namespace };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}

function pairs(): Pair[] {
  const places = [near.name, far.name];
  return (['client', 'app', 'host'] as const).flatMap((kind) =>
    places.flatMap((source) => places.map((target) => `${kind}@${source} → ${target}` as const)),
  );
}

/** Those that get an answer from the app's pod on that Node: by each family, or there is a contradiction. */
async function reached(): Promise<Pair[]> {
  const results = await pMap(pairs(), async (pair) => ({ pair, answers: await ask(pair) }), {
    concurrency: 12,
  });
  for (const { pair, answers } of results) expect(new Set(answers).size, `${pair}, by family`).toBe(1);
  return results.filter(({ answers }) => answers[0]).map(({ pair }) => pair);
}

async function ask(pair: Pair): Promise<boolean[]> {
  const [, kind = '', source = '', target = ''] = /^(\w+)@(\S+) → (\S+)$/.exec(pair) ?? [];
  const addresses = app.pods.find(({ node }) => node === target)?.addresses ?? {};
  return Promise.all(
    Object.values(addresses).map(async (ip) => {
      const curl = ['curl', '-gsf', '-o', '/dev/null', '-m', '2', `http://${bracketed(ip)}:8080/`];
      const pods = { client: client.pods, app: app.pods }[kind];
      const pod = pods?.find(({ node }) => node === source);
      const { exitCode, stderr } = pod
        ? await execInPod(cluster, pod, curl)
        : await cluster.exec(source, curl);
      if (exitCode !== 0 && exitCode !== 28) throw new Error(`${pair}: ${exitCode}: ${stderr}`);
      return exitCode === 0;
    }),
  );
}

function namespaceOf(name: string) {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

function blocksOf({ addresses }: ClusterHost) {
  return Object.values(addresses).map((ip) => ({ ipBlock: { cidr: single(ip) } }));
}

function everythingBut({ addresses }: ClusterHost) {
  return Object.values(addresses).map((ip) => ({
    ipBlock: { cidr: ip.includes(':') ? '::/0' : '0.0.0.0/0', except: [single(ip)] },
  }));
}

function single(ip: string): string {
  return `${ip}/${ip.includes(':') ? 128 : 32}`;
}
