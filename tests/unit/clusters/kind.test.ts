// The kind CLI cannot start a cluster on every machine, so its provider is tested against a stand-in that
// records how it is called, and an API server that answers for the cluster.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { kindProvider } from '../../../fixtures/clusters/kind/provider.ts';

const standIns = join(import.meta.dirname, '../../../fixtures/clusters/kind/stand-in');
const options = { name: 'demo', nodes: 2, ip: 'ipv6' } as const;
let folder: string;
let server: Server;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netaccept-kind-'));
  server = apiServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await writeFile(join(folder, 'kubeconfig'), kubeconfig(`http://127.0.0.1:${port}`));
  await writeFile(join(folder, 'images'), 'kindest/node:v1.35.0\n');
  vi.stubEnv('PATH', `${standIns}:${process.env.PATH}`);
  vi.stubEnv('STAND_IN', folder);
  vi.stubEnv('NETACCEPT_CACHE', join(folder, 'cache'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

test('up gives kind the nodes, the families and a kubeconfig of its own', async () => {
  const cluster = await kindProvider.up(options, () => undefined);

  const cache = join(folder, 'cache/kind/demo');
  expect(await calls('kind create')).toEqual([
    `kind create cluster --name demo --config ${cache}/kind.json --kubeconfig ${cache}/kubeconfig --wait 180s --image kindest/node:v1.35.0`,
  ]);
  expect(JSON.parse(await readFile(join(folder, 'config'), 'utf8'))).toEqual({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: { ipFamily: 'ipv6' },
    nodes: [{ role: 'control-plane' }, { role: 'worker' }],
  });
  expect(cluster).toMatchObject({
    name: 'demo',
    provider: 'kind',
    kubeconfig: `${cache}/kubeconfig`,
    nodes: [
      {
        name: 'demo-control-plane',
        controlPlane: true,
        addresses: { v6: 'fc00::2' },
        container: 'demo-control-plane',
      },
      { name: 'demo-worker', controlPlane: false, addresses: { v6: 'fc00::3' }, container: 'demo-worker' },
    ],
  });
});

test('a second up finds the first one’s cluster and creates nothing', async () => {
  await kindProvider.up(options, () => undefined);
  await kindProvider.up(options, () => undefined);
  expect(await calls('kind create')).toHaveLength(1);
});

test('an up that asks for another number of nodes is told what is there', async () => {
  await kindProvider.up(options, () => undefined);
  await expect(kindProvider.up({ ...options, nodes: 3 }, () => undefined)).rejects.toThrow(
    'kind cluster "demo" is already there with 2 nodes; asked for were 3',
  );
});

test('a failing kind is quoted', async () => {
  await writeFile(join(folder, 'fail'), 'ERROR: failed to create cluster: node(s) already exist\n');
  await expect(kindProvider.up(options, () => undefined)).rejects.toThrow(
    /^kind create cluster [^\n]*: ended with exit code 1\n {2}\| ERROR: failed to create cluster: node\(s\) already exist$/,
  );
});

test('an image archive goes through kind load', async () => {
  const cluster = await kindProvider.up(options, () => undefined);
  await cluster.loadImage('/images/agent.tar');
  expect(await calls('kind load')).toEqual(['kind load image-archive /images/agent.tar --name demo']);
});

test('down deletes the cluster and its kubeconfig, and a second one finds nothing', async () => {
  await kindProvider.up(options, () => undefined);
  const removed = ['container demo-control-plane', 'container demo-worker'];
  expect(await kindProvider.down('demo', () => undefined)).toEqual(removed);
  expect(await kindProvider.down('demo', () => undefined)).toEqual([]);
  expect(await calls('kind delete')).toHaveLength(1);
});

test.each([
  { title: 'an image and privileged containers', files: {}, reason: undefined },
  {
    title: 'no image and no registry',
    files: { images: '' },
    reason: 'no kind node image is here and none can be pulled (lookup registry.invalid: no such host)',
  },
  {
    title: 'no privileged containers',
    files: { unprivileged: 'docker: unable to apply caps: operation not permitted\n' },
    reason:
      'this machine does not start privileged containers (docker: unable to apply caps: operation not permitted)',
  },
])('says whether it can be used: $title', async ({ files, reason }) => {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
  expect(await kindProvider.unavailable()).toBe(reason);
});

async function calls(start: string): Promise<string[]> {
  const lines = (await readFile(join(folder, 'calls'), 'utf8')).split('\n');
  return lines.filter((line) => line.startsWith(start));
}

function apiServer(): Server {
  const answers: Record<string, object> = {
    '/api/v1/nodes': {
      kind: 'NodeList',
      items: [node('demo-control-plane', 'fc00::2', 'control-plane'), node('demo-worker', 'fc00::3')],
    },
    '/apis/apps/v1/namespaces/kube-system/deployments/coredns': {
      kind: 'Deployment',
      status: { availableReplicas: 2 },
    },
  };
  return createServer((request, response) => {
    const answer = answers[new URL(request.url ?? '', 'http://kind').pathname];
    response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer ?? { kind: 'Status', code: 404 }));
  });
}

function node(name: string, address: string, role?: string): object {
  return {
    metadata: { name, labels: role ? { [`node-role.kubernetes.io/${role}`]: '' } : {} },
    status: {
      addresses: [{ type: 'InternalIP', address }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'kind-demo',
    clusters: [{ name: 'kind-demo', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'kind-demo', user: {} }],
    contexts: [{ name: 'kind-demo', context: { cluster: 'kind-demo', user: 'kind-demo' } }],
  });
}
