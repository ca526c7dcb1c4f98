import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type Authority, createAuthority } from '../../fixtures/clusters/authority.ts';
import { apiServer } from '../../src/checks/api-server.ts';
import { probeOf } from './agent.ts';
import { attemptOf } from './attempts.ts';
import { closedPort, tcpStandIn } from './stand-ins.ts';

const NAMES = ['kubernetes.default.svc', '127.0.0.1'];
let cluster: Authority;
let folder = '';

beforeAll(async () => {
  cluster = await createAuthority('cluster-ca', new Date());
  folder = await mkdtemp(join(tmpdir(), 'netaccept-ca-'));
  await writeFile(join(folder, 'ca.crt'), cluster.ca);
  return () => rm(folder, { recursive: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const version: RequestListener = (_request, response) =>
  response.setHeader('content-type', 'application/json').end('{"major":"1","gitVersion":"v1.35.4"}');

async function server(authority: Authority, names: string[], listener: RequestListener): Promise<number> {
  const { certificate, key } = await authority.issue('O=k8s,CN=kube-apiserver', ['server'], names);
  const https = createServer({ cert: certificate, key }, listener).listen({ host: '127.0.0.1', port: 0 });
  await once(https, 'listening');
  onTestFinished(() => {
    https.close();
    https.closeAllConnections();
  });
  return (https.address() as AddressInfo).port;
}

function ask(port: number, more: Parameters<typeof probeOf>[2] = {}) {
  vi.stubEnv('NETACCEPT_CLUSTER_CA', join(folder, 'ca.crt'));
  return attemptOf(apiServer, probeOf('api-server', port, { expect: [], ...more }));
}

test('a server with the cluster’s certificate is the API server, and says its version', async () => {
  const attempt = await ask(await server(cluster, NAMES, version));
  expect(attempt).toMatchObject({
    outcome: 'reached',
    rttMs: expect.any(Number),
    measured: { tookMs: expect.any(Number) },
    found: {
      right: 1,
      status: 200,
      version: 'v1.35.4',
      certificate: {
        subject: 'O=k8s, CN=kube-apiserver',
        issuer: 'CN=cluster-ca',
        names: 'DNS:kubernetes.default.svc, IP Address:127.0.0.1',
      },
    },
  });
});

test.each([401, 403, 500])('status %i is an answer too: who gave it is proven', async (status) => {
  const port = await server(cluster, NAMES, (_request, response) => response.writeHead(status).end('no'));
  expect(await ask(port)).toMatchObject({ outcome: 'reached', found: { status, right: 1 } });
});

test('no token is sent', async () => {
  const seen: unknown[] = [];
  const port = await server(cluster, NAMES, (request, response) => {
    seen.push(request.headers.authorization, request.url);
    response.end();
  });
  await ask(port);
  expect(seen).toEqual([undefined, '/version']);
});

test('another CA’s certificate is somebody else’s, and is shown; nothing is asked there', async () => {
  const other = await createAuthority('somebody-else', new Date());
  const asked = vi.fn<RequestListener>(version);
  const attempt = await ask(await server(other, NAMES, asked));
  expect(attempt).toMatchObject({
    outcome: 'wrong-answer',
    detail: expect.stringMatching(/^UNABLE_TO_VERIFY_LEAF_SIGNATURE: /),
    found: {
      untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      right: 0,
      certificate: { issuer: 'CN=somebody-else' },
    },
  });
  expect(asked).not.toHaveBeenCalled();
});

test('another name’s certificate is not the API server’s, even from the cluster’s CA', async () => {
  const attempt = await ask(await server(cluster, ['node-2', '127.0.0.1'], version));
  expect(attempt).toMatchObject({
    outcome: 'wrong-answer',
    found: {
      untrusted: 'ERR_TLS_CERT_ALTNAME_INVALID',
      certificate: { names: 'DNS:node-2, IP Address:127.0.0.1' },
    },
  });
});

test('a certificate that has run out is told as such', async () => {
  const past = await createAuthority('cluster-ca', new Date('2001-01-01'));
  await writeFile(join(folder, 'past.crt'), past.ca);
  const port = await server(past, NAMES, version);
  vi.stubEnv('NETACCEPT_CLUSTER_CA', join(folder, 'past.crt'));
  const attempt = await attemptOf(apiServer, probeOf('api-server', port));
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', found: { untrusted: 'CERT_HAS_EXPIRED' } });
});

test('of several connections each must be answered by the API server', async () => {
  const right = await server(cluster, NAMES, version);
  const other = await server(await createAuthority('somebody-else', new Date()), NAMES, version);
  let nth = 0;
  const balancer = await tcpStandIn((socket) => {
    nth += 1;
    const onward = connect(nth === 4 ? other : right, '127.0.0.1');
    onward.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  expect(await ask(balancer, { count: 3 })).toMatchObject({ outcome: 'reached', found: { right: 3 } });
  nth = 0;
  const mixed = await ask(balancer, { count: 10 });
  expect(mixed).toMatchObject({
    outcome: 'wrong-answer',
    found: { right: 3, untrusted: expect.any(String) },
  });
});

test('whatever is no TLS, or no HTTP behind it, is a wrong answer', async () => {
  const plain = await tcpStandIn((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  expect(await ask(plain)).toMatchObject({
    outcome: 'wrong-answer',
    detail: expect.stringMatching(/^not TLS/),
  });
  const { certificate, key } = await cluster.issue('CN=x', ['server'], NAMES);
  const tls = createTlsServer({ cert: certificate, key }, (socket) => socket.end('+OK\r\n'));
  tls.listen({ host: '127.0.0.1', port: 0 });
  await once(tls, 'listening');
  onTestFinished(() => {
    tls.close();
  });
  const attempt = await ask((tls.address() as AddressInfo).port);
  expect(attempt).toMatchObject({ outcome: 'wrong-answer', detail: expect.stringMatching(/HPE_/) });
});

test('refused, silent and cut connections keep their names', async () => {
  expect(await ask(await closedPort())).toMatchObject({ outcome: 'refused' });
  const silent = await tcpStandIn(() => undefined);
  expect(await ask(silent, { timeoutMs: 100 })).toEqual({
    outcome: 'timed-out',
    detail: 'connected, no answer',
    found: { right: 0 },
  });
  const cut = await tcpStandIn((socket) => socket.once('data', () => socket.resetAndDestroy()));
  expect(await ask(cut)).toMatchObject({ outcome: 'reset' });
});

test('without the cluster’s CA nothing is known, and it says what to do', async () => {
  vi.stubEnv('NETACCEPT_CLUSTER_CA', '/nonexistent/ca.crt');
  const port = await server(cluster, NAMES, version);
  expect(await attemptOf(apiServer, probeOf('api-server', port))).toMatchObject({
    outcome: 'unobserved',
    cause: 'local-fault',
    detail: expect.stringContaining('kube-root-ca.crt'),
  });
});
