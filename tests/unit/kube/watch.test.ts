import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { connect } from '../../../src/kube/connect.ts';
import { watch } from '../../../src/kube/watch.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';

const PODS = '/api/v1/namespaces/x/pods';
const NEVER = new AbortController().signal;

function change(type: string, name: string): string {
  return `${JSON.stringify({ type, object: { metadata: { name } } })}\n`;
}

async function watched(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  { quietMs = 60_000, signal = NEVER } = {},
) {
  const { kubeconfig, requests } = await fakeApiServer({ onRequest });
  const client = await connect({ kubeconfig });
  const told: string[] = [];
  const end = await watch<V1Pod>(client, PODS, {
    query: { labelSelector: 'a=b', resourceVersion: '7' },
    quietMs,
    signal,
    onChange: ({ type, object }) => told.push(`${type} ${object.metadata?.name}`),
  });
  return { end, told, requests, sent: client.requests };
}

test('hands on every change by one request, wherever the stream is cut into pieces', async () => {
  const { end, told, requests, sent } = await watched(async (_request, response) => {
    const text = `${change('ADDED', 'a')}${change('BOOKMARK', '')}${change('MODIFIED', 'ä')}${change('DELETED', 'a')}`;
    response.writeHead(200);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 7) {
      if (!response.write(bytes.subarray(at, at + 7))) await once(response, 'drain');
      await new Promise(setImmediate);
    }
    response.end();
  });
  expect(told).toEqual(['ADDED a', 'MODIFIED ä', 'DELETED a']);
  expect(end).toBe('closed');
  expect(requests.slice(1)).toEqual([`GET ${PODS}?labelSelector=a%3Db&resourceVersion=7&watch=true`]);
  expect(sent).toBe(2);
});

test('lasts as long as something comes, and ends as quiet when nothing does', async () => {
  let written = 0;
  const { end, told } = await watched(
    (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => {
        response.write(change('MODIFIED', String(++written)));
        if (written === 10) clearInterval(timer);
      }, 150);
    },
    { quietMs: 1_000 },
  );
  expect(end).toBe('quiet');
  // Together longer than it may be quiet at a time.
  expect(told).toHaveLength(10);
});

test('ends as quiet too if not even an answer comes', async () => {
  expect((await watched(() => undefined, { quietMs: 50 })).end).toBe('quiet');
});

test.each<[string, (response: ServerResponse) => void]>([
  ['not permitted', (response) => sendJson(response, 403, { kind: 'Status', message: 'no' })],
  [
    'too old a version',
    (response) => response.write('{"type":"ERROR","object":{"kind":"Status","code":410}}\n'),
  ],
  ['something else than JSON', (response) => response.write('<html>\n')],
  ['the connection breaks', (response) => response.write('{"type":', () => response.destroy())],
  ['the server ends it', (response) => response.end()],
])('ends as closed, and tells nothing: %s', async (_name, answer) => {
  const { end, told, sent } = await watched((_request, response) => answer(response));
  expect({ end, told, sent }).toEqual({ end: 'closed', told: [], sent: 2 });
});

test('ends when it is told to, and lets go of its connection', async () => {
  const stop = new AbortController();
  let closed: Promise<unknown> = Promise.resolve();
  const { told } = await watched(
    (request, response) => {
      closed = once(request.socket, 'close');
      response.write(change('ADDED', 'a'));
      setTimeout(() => stop.abort(), 50);
    },
    { signal: stop.signal },
  );
  await closed;
  expect(told).toEqual(['ADDED a']);
});
