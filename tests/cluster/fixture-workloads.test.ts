// The workloads that other tests try the checks on do what they promise: asked from every Node, on both families.
import pMap from 'p-map';
import { beforeAll, expect, test } from 'vitest';
import type { Cluster, ClusterHost } from '../../fixtures/clusters/cluster.ts';
import { ingress, withIngress } from '../../fixtures/workloads/ingress.ts';
import { bracketed } from '../../fixtures/workloads/reachable.ts';
import { userApp } from '../../fixtures/workloads/user-app.ts';
import { curl, echo } from './asking.ts';
import { testCluster } from './cluster.ts';
import { kubectl } from './users.ts';

let cluster: Cluster;
let nodes: string[];

beforeAll(async () => {
  cluster = await testCluster();
  nodes = cluster.nodes.map(({ name }) => name);
});

test('a user’s application: every Service, echo and host port answers, from its own pods', async () => {
  const app = await userApp(cluster, { hostPort: 8088 });
  try {
    const names = app.pods.map(({ name }) => name);
    expect(app.pods.map(({ node }) => node).sort()).toEqual([...app.nodes].sort());
    const hosts = cluster.nodes.filter(({ name }) => app.nodes.includes(name));
    const hostPorts = addressesOf(hosts).map((ip) => `${bracketed(ip)}:8088`);
    const services = Object.values(app.services)
      .flatMap(({ clusterIps, externalIps }) => [clusterIps, externalIps])
      .flatMap((addresses) => Object.values(addresses))
      .map((ip) => `${bracketed(ip)}:${app.ports.http}`);
    await everyPair(nodes, [...services, ...hostPorts], async (node, target) => {
      const answer = await curl(cluster, node, `http://${target}/any/path`);
      expect(answer, `${node} → ${target}`).toMatchObject({ status: 200, body: app.body });
      expect(names).toContain(typeof answer === 'object' && answer.servedBy);
    });
    const ips = Object.values(app.services.web.clusterIps);
    await everyPair(nodes, ips, async (node, ip) => {
      expect(await echo(cluster, node, 'tcp', ip, app.ports.echo)).toBe('hello');
      expect(await echo(cluster, node, 'udp', ip, app.ports.echo)).toBe('hello');
      expect(await curl(cluster, node, `http://${bracketed(ip)}/status/404`)).toMatchObject({ status: 404 });
    });
    await userApp(cluster, { status: 503 });
    await everyPair(nodes, ips, async (node, ip) => {
      expect(await curl(cluster, node, `http://${bracketed(ip)}/`)).toMatchObject({ status: 503 });
    });
  } finally {
    await app.remove();
  }
  expect(await kubectl('get', 'namespaces', '-o', 'name')).not.toContain('user-app');
});

test('an ingress: its host by http and https, 404 for others, a port passed on, from every Node to every Node', async () => {
  await withIngress(cluster, async ({ host, ports, body, ca }) => {
    for (const node of nodes) {
      await cluster.exec(node, ['sh', '-c', 'printf %s "$1" >/tmp/shop-ca.crt', 'sh', ca]);
    }
    const named = ['-H', `Host: ${host}`];
    const trusting = ['--cacert', '/tmp/shop-ca.crt'];
    await everyPair(nodes, addressesOf(cluster.nodes), async (node, ip) => {
      const [plain, secure] = [`http://${bracketed(ip)}/`, `https://${host}/`];
      const sni = ['--resolve', `${host}:${ports.https}:${ip}`];
      expect(await curl(cluster, node, ...named, plain)).toMatchObject({ status: 200, body });
      expect(await curl(cluster, node, ...named, `${plain}status/503`)).toMatchObject({ status: 503 });
      expect(await curl(cluster, node, plain)).toMatchObject({ status: 404, body: 'no such host' });
      expect(await curl(cluster, node, ...trusting, ...sni, secure)).toMatchObject({ status: 200, body });
      // Without SNI another certificate is shown, which curl does not trust.
      expect(await curl(cluster, node, ...trusting, ...named, `https://${bracketed(ip)}/`)).toBe(60);
      expect(await echo(cluster, node, 'tcp', ip, ports.l4)).toBe('hello');
      expect(await echo(cluster, node, 'udp', ip, ports.l4)).toBe('hello');
    });
    await ingress(cluster, { status: 503 });
    const [node = '', ip = ''] = [nodes[0], addressesOf(cluster.nodes)[0]];
    expect(await curl(cluster, node, ...named, `http://${bracketed(ip)}/`)).toMatchObject({ status: 503 });
  });
  expect(await kubectl('get', 'namespaces', '-o', 'name')).not.toContain('ingress');
});

function addressesOf(hosts: ClusterHost[]): string[] {
  return hosts.flatMap(({ addresses }) => Object.values(addresses));
}

async function everyPair(
  from: string[],
  to: string[],
  ask: (node: string, target: string) => Promise<void>,
): Promise<void> {
  const pairs = from.flatMap((node) => to.map((target) => [node, target] as const));
  await pMap(pairs, ([node, target]) => ask(node, target), { concurrency: 8 });
}
