import { expect, test } from 'vitest';
import { blockedServices } from '../../../src/kube/blocked-services.ts';
import { connect } from '../../../src/kube/connect.ts';
import type { BlockedTarget } from '../../../src/model.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';

const target = (name: string, to: BlockedTarget['target']): BlockedTarget => {
  return { name, target: to, protocol: 'tcp', from: 'pod', answersOn: '', payload: '' };
};
const service = (name: string, port: number) => ({ namespace: 'shop', service: name, port });
const settings = (...blocked: BlockedTarget[]) => ({ own: false, settleMs: 0, blocked });

const db = {
  metadata: { namespace: 'shop', name: 'db' },
  spec: { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7'], ports: [{ name: 'sql', port: 5432 }] },
};
const slice = {
  metadata: { namespace: 'shop', name: 'db-x', labels: { 'kubernetes.io/service-name': 'db' } },
  addressType: 'IPv4',
  ports: [{ name: 'sql', port: 15432 }],
  endpoints: [{ addresses: ['10.244.2.9'], nodeName: 'node-2', conditions: { ready: true } }],
};

async function clientOf(answer: (url: string) => [number, unknown]) {
  const server = await fakeApiServer({
    onRequest: ({ url = '' }, response) => sendJson(response, ...answer(url)),
  });
  return { server, client: await connect({ kubeconfig: server.kubeconfig }) };
}

test('a Service is read once, with its endpoints, however many targets name it; addresses are not asked for', async () => {
  const { client, server } = await clientOf((url) =>
    url.includes('endpointslices') ? [200, { items: [slice] }] : [200, db],
  );
  const blocked = [
    target('a', service('db', 5432)),
    target('b', service('db', 9)),
    target('c', { host: '10.0.0.1', port: 1 }),
  ];
  expect(await blockedServices(client, settings(...blocked))).toMatchObject([
    {
      namespace: 'shop',
      name: 'db',
      role: 'blocked',
      clusterIPs: { v4: '10.96.0.7' },
      ports: [{ port: 5432, endpointPort: 15432 }],
      endpoints: [{ address: '10.244.2.9', node: 'node-2', ready: true }],
    },
  ]);
  expect(server.requests.slice(1)).toEqual([
    'GET /api/v1/namespaces/shop/services/db',
    'GET /apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Ddb',
  ]);
});

test('one that is not there is left out', async () => {
  const { client } = await clientOf(() => [404, { kind: 'Status', message: 'no' }]);
  expect(await blockedServices(client, settings(target('a', service('db', 1))))).toEqual([]);
});

test('one that may not be read is told, with the key that names it', async () => {
  const { client } = await clientOf(() => [403, { kind: 'Status', message: 'services "db" is forbidden' }]);
  await expect(blockedServices(client, settings(target('a', service('db', 1))))).rejects.toThrow(
    'reading service shop/db, which policy.blocked names: services "db" is forbidden',
  );
});
