// The host outside the cluster serves what it promises, to Nodes and pods, on both families.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { execInPod } from '../../fixtures/clusters/in-pod.ts';
import { dnsPods } from '../../fixtures/faults/dns-pods.ts';
import { type ExternalHost, externalHost } from '../../fixtures/workloads/external-host.ts';
import { bracketed } from '../../fixtures/workloads/reachable.ts';
import { curl, echo } from './asking.ts';
import { testCluster } from './cluster.ts';

let cluster: Cluster;
let host: ExternalHost;
let node: string;

beforeAll(async () => {
  cluster = await testCluster();
  node = cluster.nodes[0]?.name ?? '';
  const records = { 'nowhere.external.test': { v4: '192.0.2.1', v6: '100::1' } };
  host = await externalHost(cluster, { records });
});

afterAll(async () => {
  await host.remove();
});

test('web, echo and ping answer on every family', async () => {
  await cluster.exec(node, ['sh', '-c', 'printf %s "$1" >/tmp/external-ca.crt', 'sh', host.ca]);
  const trusting = ['--cacert', '/tmp/external-ca.crt'];
  for (const ip of Object.values(host.addresses)) {
    const answer = { status: 200, body: 'outside' };
    expect(await curl(cluster, node, `http://${bracketed(ip)}/`)).toMatchObject(answer);
    expect(await curl(cluster, node, `http://${bracketed(ip)}/status/503`)).toMatchObject({ status: 503 });
    expect(await curl(cluster, node, ...trusting, `https://${bracketed(ip)}/`)).toMatchObject(answer);
    const sni = ['--resolve', `${host.name}:${host.ports.https}:${ip}`];
    expect(await curl(cluster, node, ...trusting, ...sni, `https://${host.name}/`)).toMatchObject(answer);
    expect(await echo(cluster, node, 'tcp', ip, host.ports.echo)).toBe('hello');
    expect(await echo(cluster, node, 'udp', ip, host.ports.echo)).toBe('hello');
    expect((await cluster.exec(node, ['ping', '-c', '1', '-W', '5', ip])).exitCode).toBe(0);
  }
});

test('its name server knows its zone, over udp and tcp, and nothing else', async () => {
  const [v4, v6] = [host.addresses.v4 ?? '', host.addresses.v6 ?? ''];
  for (const server of Object.values(host.addresses)) {
    for (const how of ['+notcp', '+tcp']) {
      expect(await dig(server, how, host.name, 'A')).toBe(`NOERROR ${v4}`.trim());
      expect(await dig(server, how, host.name, 'AAAA')).toBe(`NOERROR ${v6}`.trim());
      expect(await dig(server, how, `_http._tcp.${host.zone}`, 'SRV')).toBe(`NOERROR 0 0 80 ${host.name}.`);
      expect(await dig(server, how, '-x', v4)).toBe(`NOERROR ${host.name}.`);
      expect(await dig(server, how, 'nowhere.external.test', 'A')).toBe('NOERROR 192.0.2.1');
      expect(await dig(server, how, `absent.${host.zone}`, 'A')).toBe('NXDOMAIN');
      expect(await dig(server, how, 'example.org', 'A')).toBe('REFUSED');
    }
  }
});

test('pods reach it under their own address, and know its name by each of the cluster’s DNS pods', async () => {
  for (const pod of await dnsPods(cluster)) {
    expect(await dig(Object.values(pod.addresses)[0] ?? '', '+notcp', host.name, 'A')).toContain('NOERROR');
    for (const ip of Object.values(host.addresses)) {
      expect((await execInPod(cluster, pod, ['ping', '-c', '1', '-W', '5', ip])).exitCode).toBe(0);
    }
  }
});

test('it has no way out of this machine', async () => {
  for (const family of ['-4', '-6']) {
    expect((await host.exec(['ip', family, 'route', 'show', 'default'])).stdout).toBe('');
  }
});

async function dig(server: string, ...question: string[]): Promise<string> {
  const command = ['dig', '+time=3', '+tries=2', '+noall', '+comments', '+answer', `@${server}`, ...question];
  const lines = (await cluster.exec(node, command)).stdout.split('\n');
  const status = /status: (\w+)/.exec(lines.join('\n'))?.[1] ?? 'no answer';
  const answer = lines.find((line) => line !== '' && !line.startsWith(';')) ?? '';
  return [status, ...answer.split(/\s+/).slice(4)].join(' ');
}
