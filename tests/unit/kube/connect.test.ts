import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { SetupError } from '../../../src/errors.ts';
import { asked } from '../../../src/kube/api-error.ts';
import { call } from '../../../src/kube/call.ts';
import { connect } from '../../../src/kube/connect.ts';
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts';
import { createTransport } from '../../../src/kube/transport.ts';
import { fakeApiServer, kubeconfigText, sendJson } from './fake-api-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'netaccept-connect-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function problemOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason as SetupError,
  );
  expect(error?.name).toBe('SetupError');
  const problem = error?.problems[0];
  return { code: problem?.code ?? '', message: problem?.message ?? '' };
}

describe('a client', () => {
  test('knows its cluster, and has sent one request', async () => {
    const { kubeconfig, requests } = await fakeApiServer();
    const client = await connect({ kubeconfig });
    expect(client).toMatchObject({
      cluster: 'fake-cluster',
      context: 'fake',
      version: 'v1.35.0',
      requests: 1,
    });
    expect(requests).toEqual(['GET /version']);
  });

  test('keeps its connections for the next request', async () => {
    const { kubeconfig, connections } = await fakeApiServer({
      onRequest: (_request, response) => sendJson(response, 200, { items: [] }),
    });
    const client = await connect({ kubeconfig });
    for (let i = 0; i < 20; i++) await client.core.listNode();
    expect(client.requests).toBe(21);
    // undici may open a second one; without a kept dispatcher there are 21.
    expect(connections()).toBeLessThanOrEqual(2);
  });

  test('asks again when the connection was cut, and counts it', async () => {
    let cuts = 2;
    const { kubeconfig } = await fakeApiServer({
      onVersion(request, response) {
        if (cuts-- > 0) request.socket.destroy();
        else sendJson(response, 200, { gitVersion: 'v1.35.0' });
      },
    });
    expect((await connect({ kubeconfig })).requests).toBe(3);
  });

  test('asks again, later and longer, when the API server has too many requests', async () => {
    let busy = 4;
    const { kubeconfig } = await fakeApiServer({
      onVersion(_request, response) {
        response.setHeader('retry-after', '0.01');
        if (busy-- > 0) sendJson(response, 429, { message: 'too many requests' });
        else sendJson(response, 200, { gitVersion: 'v1.35.0' });
      },
    });
    expect((await connect({ kubeconfig })).requests).toBe(5);
  });

  test('does not ask for ever: in the end the API server’s own word is told', async () => {
    const { kubeconfig } = await fakeApiServer({
      onRequest(_request, response) {
        response.setHeader('retry-after', '0.01');
        sendJson(response, 429, { message: 'too many requests, please try again later' });
      },
    });
    const client = await connect({ kubeconfig });
    const listing = asked('listing the Nodes', client.core.listNode());
    await expect(listing).rejects.toThrow('too many requests, please try again later');
    expect(client.requests).toBe(1 + 9);
  });

  test('ends a call that waits to be made again, when it is aborted', async () => {
    const { kubeconfig } = await fakeApiServer({
      onRequest(_request, response) {
        response.setHeader('retry-after', '10');
        sendJson(response, 429, {});
        setTimeout(() => stop.abort('SIGTERM'), 50);
      },
    });
    const client = await connect({ kubeconfig });
    const stop = new AbortController();
    const listing = asked('listing the Nodes', client.core.listNode({}, call(stop.signal)));
    await expect(listing).rejects.toMatchObject({ name: 'AbortError' });
    expect(client.requests).toBe(2);
  });

  test('ends a call that is aborted', async () => {
    const { kubeconfig } = await fakeApiServer({ onRequest: () => undefined });
    const client = await connect({ kubeconfig });
    const stop = new AbortController();
    const listing = asked('listing the Nodes', client.core.listNode({}, call(stop.signal)));
    stop.abort('SIGTERM');
    await expect(listing).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('reads the time from the API server: Leases are compared between machines', async () => {
    const { kubeconfig } = await fakeApiServer({
      onVersion(_request, response) {
        response.setHeader('date', 'Fri, 01 Jan 2100 00:00:00 GMT');
        sendJson(response, 200, { gitVersion: 'v1.35.0' });
      },
    });
    const client = await connect({ kubeconfig });
    expect(new Date(client.transport.now()).getUTCFullYear()).toBe(2100);
  });

  test('gives every request a deadline', async () => {
    const { kubeconfig } = await fakeApiServer({ onRequest: () => undefined });
    const client = await connect({ kubeconfig });
    const transport = createTransport(200);
    const { RequestContext } = await import('@kubernetes/client-node');
    const request = transport.send(new RequestContext(`${client.server}/api/v1/nodes`, 'GET'));
    await expect(request).rejects.toThrow(
      /^no answer to GET \/api\/v1\/nodes at 127\.0\.0\.1:\d+ within 0\.2 s$/,
    );
    expect(transport.requests).toBe(1);
  });
});

describe('no client', () => {
  test('of a server that refuses the credentials: asked once', async () => {
    const { kubeconfig, requests } = await fakeApiServer({
      onVersion: (_request, response) => sendJson(response, 401, {}),
    });
    expect(await problemOf(connect({ kubeconfig }))).toEqual({
      code: 'unauthorized',
      message: expect.stringMatching(
        /^cluster "fake-cluster" \(context "fake"\) at http:\/\/127.* does not accept the credentials \(401\)$/,
      ),
    });
    expect(requests).toHaveLength(1);
  });

  test('of a server that forbids: asked once', async () => {
    const { kubeconfig, requests } = await fakeApiServer({
      onVersion: (_request, response) => sendJson(response, 403, { message: 'version is forbidden' }),
    });
    expect(await problemOf(connect({ kubeconfig }))).toMatchObject({
      message: expect.stringContaining('version is forbidden'),
    });
    expect(requests).toHaveLength(1);
  });

  test('of a port where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const kubeconfig = file('nobody', kubeconfigText(`http://127.0.0.1:${port}`));
    expect(await problemOf(connect({ kubeconfig }))).toEqual({
      code: 'cluster-unreachable',
      message: expect.stringMatching(/cannot be reached: GET \/version at .*ECONNREFUSED/),
    });
  });

  test('of something that is no API server', async () => {
    const { kubeconfig } = await fakeApiServer({
      onVersion(_request, response) {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html>hello</html>');
      },
    });
    expect(await problemOf(connect({ kubeconfig }))).toEqual({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining('is not that of a Kubernetes API server'),
    });
  });

  test('when interrupted', async () => {
    const { kubeconfig } = await fakeApiServer({ onVersion: () => undefined });
    const stop = new AbortController();
    const connecting = connect({ kubeconfig }, stop.signal);
    stop.abort();
    await expect(connecting).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('by a credential plugin that is not there', async () => {
    const config = JSON.parse(kubeconfigText('http://127.0.0.1:1'));
    config.users[0].user = {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'no-such-plugin',
        interactiveMode: 'Never',
      },
    };
    const kubeconfig = file('plugin', JSON.stringify(config));
    expect(await problemOf(connect({ kubeconfig }))).toEqual({
      code: 'kubeconfig-invalid',
      message: expect.stringContaining('no-such-plugin'),
    });
  });
});

describe('the kubeconfig', () => {
  const NOWHERE = { HOME: join(folder, 'no-home') };
  const messageOf = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };

  test('that was asked for must exist', () => {
    expect(messageOf(() => loadKubeconfig({ kubeconfig: '/no/such' }, {}))).toBe(
      'the kubeconfig names "/no/such", which does not exist',
    );
    expect(messageOf(() => loadKubeconfig({}, { KUBECONFIG: '/no/such:/nor/this' }))).toBe(
      'KUBECONFIG names "/no/such", "/nor/this", which does not exist',
    );
  });

  test('must be one', () => {
    for (const [name, text] of [
      ['empty', ''],
      ['list', '[1]'],
      ['broken', 'a: ['],
      ['nameless', '{"clusters":[{}]}'],
    ] as const) {
      expect(messageOf(() => loadKubeconfig({ kubeconfig: file(name, text) }, {}))).toMatch(
        /is not a readable kubeconfig|has no current-context/,
      );
    }
  });

  test('must be readable', ({ skip }) => {
    const path = file('secret', kubeconfigText('http://127.0.0.1:1'));
    chmodSync(path, 0o000);
    if (process.getuid?.() === 0) skip('root may read everything');
    expect(messageOf(() => loadKubeconfig({ kubeconfig: path }, {}))).toMatch(/is not a readable kubeconfig/);
  });

  test('must know the context; the error lists those it knows', () => {
    const kubeconfig = file('contexts', kubeconfigText('http://127.0.0.1:1'));
    expect(messageOf(() => loadKubeconfig({ kubeconfig, context: 'prod' }, {}))).toBe(
      'context "prod" is not in the kubeconfig; it knows "fake"',
    );
    const bare = JSON.parse(kubeconfigText('http://127.0.0.1:1'));
    delete bare['current-context'];
    expect(messageOf(() => loadKubeconfig({ kubeconfig: file('bare', JSON.stringify(bare)) }, {}))).toBe(
      'the kubeconfig has no current-context; it knows "fake"',
    );
    bare.clusters = [];
    expect(
      messageOf(() =>
        loadKubeconfig({ kubeconfig: file('bare', JSON.stringify(bare)), context: 'fake' }, {}),
      ),
    ).toBe('context "fake" names cluster "fake-cluster", which the kubeconfig does not describe');
  });

  test('may be several files: the first to say something wins, missing ones are passed over', () => {
    const one = file('one', kubeconfigText('http://127.0.0.1:1'));
    const two = file('two', kubeconfigText('http://127.0.0.1:2').replaceAll('"fake"', '"second"'));
    const config = loadKubeconfig({}, { KUBECONFIG: `/no/such:${one}:${two}` });
    expect(config.getContexts().map(({ name }) => name)).toEqual(['fake', 'second']);
    expect(config.getCurrentContext()).toBe('fake');
    expect(config.getCurrentCluster()?.server).toBe('http://127.0.0.1:1');
  });

  test('if there is none at all, the error says where it was looked for', () => {
    expect(messageOf(() => loadKubeconfig({}, NOWHERE))).toBe(
      `no cluster is configured: no --kubeconfig, KUBECONFIG is not set, ${NOWHERE.HOME}/.kube/config does not exist, and this is no pod`,
    );
  });
});
