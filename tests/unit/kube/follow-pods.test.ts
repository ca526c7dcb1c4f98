import type { ServerResponse } from 'node:http';
import type { V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { connect } from '../../../src/kube/connect.ts';
import { followPods } from '../../../src/kube/follow-pods.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';

const FAST = { quietMs: 60_000, pollMs: 5, slowestPollMs: 10 };
const WATCH = 'GET /api/v1/namespaces/x/pods?labelSelector=a%3Db&watch=true';
const WATCH_ON = 'GET /api/v1/namespaces/x/pods?labelSelector=a%3Db&resourceVersion=7&watch=true';
const LIST = 'GET /api/v1/namespaces/x/pods?labelSelector=a%3Db';

type Answer = (response: ServerResponse) => void;

const forbidden: Answer = (response) => sendJson(response, 403, { kind: 'Status', message: 'not you' });

function tells(...changes: [type: string, name: string][]): Answer {
  return (response) => {
    for (const [type, name] of changes)
      response.write(`${JSON.stringify({ type, object: { metadata: { name } } })}\n`);
  };
}

function lists(...names: string[]): Answer {
  const items = names.map((name) => ({ metadata: { name } }));
  return (response) => sendJson(response, 200, { metadata: { resourceVersion: '7' }, items });
}

/** Follows until the API server was asked for more than it has answers; the pods known then, and what was asked. */
async function followed(answers: readonly Answer[], times = FAST) {
  const pods = new Map<string, V1Pod>();
  const stop = new AbortController();
  let settled: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    settled = resolve;
  });
  const left = [...answers];
  const { kubeconfig, requests } = await fakeApiServer({
    onRequest(_request, response) {
      const answer = left.shift();
      if (answer === undefined) settled();
      else answer(response);
    },
  });
  const client = await connect({ kubeconfig });
  const following = followPods(client, { namespace: 'x', labelSelector: 'a=b' }, pods, stop.signal, times);
  await Promise.race([over, following]).finally(() => stop.abort());
  await expect(following).rejects.toMatchObject({ name: 'AbortError' });
  return { names: [...pods.keys()], asked: requests.slice(1, 1 + answers.length) };
}

test('while the watch lives there is no other request', async () => {
  const pods = new Map<string, V1Pod>();
  const stop = new AbortController();
  const { kubeconfig, requests } = await fakeApiServer({
    onRequest: (_request, response) => tells(['ADDED', 'a'], ['ADDED', 'b'], ['DELETED', 'a'])(response),
  });
  const client = await connect({ kubeconfig });
  const where = { namespace: 'x', labelSelector: 'a=b' };
  const following = followPods(client, where, pods, stop.signal, FAST);
  await expect.poll(() => [...pods.keys()]).toEqual(['b']);
  stop.abort();
  await expect(following).rejects.toMatchObject({ name: 'AbortError' });
  expect(requests.slice(1)).toEqual([WATCH]);
});

test('who may not watch lists, again and again, and does not ask to watch again', async () => {
  const { names, asked } = await followed([forbidden, lists(), lists('a'), lists('b', 'c')]);
  expect(asked).toEqual([WATCH, LIST, LIST, LIST]);
  expect(names).toEqual(['b', 'c']);
});

test('a watch that ends is made good by a list, which also knows what went meanwhile, and goes on from there', async () => {
  const ends: Answer = (response) => {
    tells(['ADDED', 'a'], ['ADDED', 'b'])(response);
    response.end();
  };
  const { names, asked } = await followed([ends, lists('b'), (response) => response.end(), lists('b', 'c')]);
  expect(asked).toEqual([WATCH, LIST, WATCH_ON, LIST]);
  expect(names).toEqual(['b', 'c']);
});

test('a watch that is quiet for long is not believed without a list', async () => {
  const { names, asked } = await followed(
    [tells(['ADDED', 'a']), lists('b'), tells(['ADDED', 'c']), lists('d')],
    {
      ...FAST,
      quietMs: 100,
    },
  );
  expect(asked).toEqual([WATCH, LIST, WATCH_ON, LIST]);
  expect(names).toEqual(['d']);
});

test('a watch that never told anything is not tried again', async () => {
  const { asked } = await followed([() => undefined, lists('a'), lists('a'), lists('a')], {
    ...FAST,
    quietMs: 100,
  });
  expect(asked).toEqual([WATCH, LIST, LIST, LIST]);
});

test('who may not even list learns so', async () => {
  const { kubeconfig } = await fakeApiServer({ onRequest: (_request, response) => forbidden(response) });
  const client = await connect({ kubeconfig });
  const never = new AbortController().signal;
  const following = followPods(client, { namespace: 'x', labelSelector: '' }, new Map(), never, FAST);
  await expect(following).rejects.toThrow("listing the agents' pods in namespace x: not you");
});
