// Clean-up of Namespaces that netaccept made: deleted whole, and seen to go.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../src/kube/connect.ts';
import { GONE_TIMES, untilAllGone } from '../../../src/kube/gone.ts';
import { acquireLock } from '../../../src/kube/lock.ts';
import { removeAgents } from '../../../src/kube/remove.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';
import { someSettings } from './some-settings.ts';

const OPTIONS = { atOnce: false, waitMs: 60_000, signal: undefined, onWait: undefined };
const FAST = { ...GONE_TIMES, pollMs: 5 };
const WATCH = 'GET /api/v1/namespaces?resourceVersion=7&watch=true';
const GOING = ['a', 'b'].map((name) => ({ name, uid: `uid-${name}`, version: '7', whole: true }));

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

function tells(...changes: [type: string, uid: string][]): Answer {
  return (response) => {
    for (const [type, uid] of changes)
      response.write(`${JSON.stringify({ type, object: { metadata: { uid } } })}\n`);
  };
}

const forbidden: Answer = (response) => sendJson(response, 403, { kind: 'Status', message: 'not you' });
const gone: Answer = (response) => sendJson(response, 404, { kind: 'Status', message: 'gone' });
const is =
  (uid: string): Answer =>
  (response) =>
    sendJson(response, 200, { metadata: { uid } });

async function waited(answers: Record<string, Answer[]>): Promise<string[]> {
  const { kubeconfig, requests } = await fakeApiServer({
    onRequest(request, response) {
      const answer = answers[`${request.method} ${request.url}`]?.shift();
      (answer ?? forbidden)(response, request);
    },
  });
  await untilAllGone(await connect({ kubeconfig }), GOING, OPTIONS, FAST);
  return requests.slice(1);
}

describe('Namespaces on their way out', () => {
  test('are watched going by one request', async () => {
    const tell: Answer = (response, request) => {
      tells(['MODIFIED', 'uid-a'], ['DELETED', 'uid-b'], ['DELETED', 'uid-z'])(response, request);
      setTimeout(() => tells(['DELETED', 'uid-a'])(response, request), 100);
    };
    expect(await waited({ [WATCH]: [tell] })).toEqual([WATCH]);
  });

  test('are asked for where nobody may watch them', async () => {
    const asked = await waited({
      'GET /api/v1/namespaces/a': [is('uid-a'), gone],
      'GET /api/v1/namespaces/b': [gone],
    });
    const [a, b] = ['GET /api/v1/namespaces/a', 'GET /api/v1/namespaces/b'];
    expect(asked).toEqual([WATCH, a, a, b]);
  });

  test('are asked for one by one if the watch ends before all are gone', async () => {
    const ends: Answer = (response, request) => {
      tells(['MODIFIED', 'uid-b'], ['DELETED', 'uid-a'])(response, request);
      response.end();
    };
    const asked = await waited({ [WATCH]: [ends], 'GET /api/v1/namespaces/b': [gone] });
    expect(asked).toEqual([WATCH, 'GET /api/v1/namespaces/b']);
  });

  test('are gone even if another run has made them anew', async () => {
    const asked = await waited({
      'GET /api/v1/namespaces/a': [is('uid-a2')],
      'GET /api/v1/namespaces/b': [is('uid-b2')],
    });
    expect(asked).toEqual([WATCH, 'GET /api/v1/namespaces/a', 'GET /api/v1/namespaces/b']);
  });
});

test('a run that removes its own Namespaces watches from its first deletion on, and leaves the lock to them', async () => {
  const settings = someSettings();
  const names = [settings.namespace, settings.hostNamespace];
  const { kubeconfig, requests } = await fakeApiServer({
    onRequest(request, response) {
      const url = request.url ?? '';
      const name = names.find((one) => url.endsWith(`/namespaces/${one}`)) ?? '';
      const labels = { 'netaccept.io/created': 'true' };
      const resourceVersion = request.method === 'DELETE' ? `${100 + names.indexOf(name)}` : '5';
      if (url.includes('watch=true'))
        tells(['DELETED', `uid-${names[1]}`], ['DELETED', `uid-${names[0]}`])(response, request);
      else sendJson(response, 200, { metadata: { name, uid: `uid-${name}`, labels, resourceVersion } });
    },
  });
  const client = await connect({ kubeconfig });
  const lock = await acquireLock(client, settings, { holder: 'me', waitMs: 0 });
  expect(await removeAgents(client, names, { lock })).toEqual(names.map((name) => `Namespace ${name}`));
  await lock.release();
  expect(requests.slice(2)).toEqual([
    ...names.flatMap((name) => [`GET /api/v1/namespaces/${name}`, `DELETE /api/v1/namespaces/${name}`]),
    'GET /api/v1/namespaces?resourceVersion=100&watch=true',
  ]);
  expect(lock.lost.aborted).toBe(false);
});
