import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { connect } from '../../../src/kube/connect.ts';
import { acquireLock } from '../../../src/kube/lock.ts';
import { agentObjects } from '../../../src/kube/objects.ts';
import { ensureToken } from '../../../src/kube/token.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';
import { someSettings } from './some-settings.ts';

const LEASES = 'POST /apis/coordination.k8s.io/v1/namespaces/netaccept/leases';
const NAMESPACES = 'POST /api/v1/namespaces';
const NAMESPACE = 'GET /api/v1/namespaces/netaccept';
const settings = someSettings();

/** Answers each request by the next of its answers; its last one stays. */
async function server(answers: Record<string, [status: number, body: unknown][]>) {
  const bodies: Partial<Record<string, string[]>> = {};
  const fake = await fakeApiServer({
    onRequest(request, response: ServerResponse) {
      const asked = `${request.method} ${(request.url ?? '').replace(/\?.*/, '')}`;
      const [next = [404, {}], ...rest] = answers[asked] ?? [];
      if (rest.length > 0) answers[asked] = rest;
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        bodies[asked] = [...(bodies[asked] ?? []), body];
        sendJson(response, ...next);
      });
    },
  });
  const client = await connect({ kubeconfig: fake.kubeconfig });
  const asked = () => fake.requests.slice(1).map((request) => request.replace(/\?.*/, ''));
  return { client, asked, bodies };
}

const missing: [number, unknown] = [404, { kind: 'Status', message: 'namespaces "netaccept" not found' }];
const going: [number, unknown] = [
  403,
  { kind: 'Status', message: 'it goes', details: { causes: [{ reason: 'NamespaceTerminating' }] } },
];
const refused: [number, unknown] = [403, { kind: 'Status', message: 'not you' }];
const there: [number, unknown] = [409, { kind: 'Status', reason: 'AlreadyExists' }];
const made: [number, unknown] = [201, {}];

test('a lock costs one request where its Namespace is there', async () => {
  const { client, asked } = await server({ [LEASES]: [made] });
  await acquireLock(client, settings, { holder: 'me', waitMs: 0 });
  expect(asked()).toEqual([LEASES]);
});

test('and three where it is not: then it is made, with the label that lets us delete it', async () => {
  const { client, asked, bodies } = await server({ [LEASES]: [missing, made], [NAMESPACES]: [made] });
  await acquireLock(client, settings, { holder: 'me', waitMs: 0 });
  expect(asked()).toEqual([LEASES, NAMESPACES, LEASES]);
  expect(JSON.parse(bodies[NAMESPACES]?.[0] ?? '')).toMatchObject({
    metadata: { name: 'netaccept', labels: { 'netaccept.io/created': 'true' } },
  });
});

test('a Namespace that is being deleted is waited for, and made anew', async () => {
  const terminating = { metadata: { name: 'netaccept', deletionTimestamp: '2026-01-01T00:00:00Z' } };
  const { client, asked } = await server({
    [LEASES]: [going, made],
    [NAMESPACE]: [
      [200, terminating],
      [404, {}],
    ],
    [NAMESPACES]: [made],
  });
  await acquireLock(client, settings, { holder: 'me', waitMs: 0 });
  expect(asked()).toEqual([LEASES, NAMESPACE, NAMESPACE, NAMESPACES, LEASES]);
});

test('one that somebody else made anew meanwhile is not waited for to go', async () => {
  const { client, asked } = await server({
    [LEASES]: [going, made],
    [NAMESPACE]: [[200, { metadata: { name: 'netaccept' } }]],
    [NAMESPACES]: [there],
  });
  await acquireLock(client, settings, { holder: 'me', waitMs: 0 });
  expect(asked()).toEqual([LEASES, NAMESPACE, NAMESPACES, LEASES]);
});

test.each<[string, [number, unknown], number]>([
  ['is not permitted to create anything in it', refused, 1],
  ['is told for ever that it is missing', missing, 5],
])('who %s learns so', async (_name, answer, tries) => {
  const { client, asked } = await server({ [LEASES]: [answer], [NAMESPACES]: [there] });
  await expect(acquireLock(client, settings, { holder: 'me', waitMs: 0 })).rejects.toThrow(
    'creating lease netaccept/netaccept: ',
  );
  expect(asked().filter((request) => request === LEASES)).toHaveLength(tries);
});

const SECRETS = ['netaccept', 'netaccept-host'].map((name) => `/api/v1/namespaces/${name}/secrets`);
const [FIRST = '', SECOND = ''] = SECRETS;

function tokens(bodies: Partial<Record<string, string[]>>, request: string): string[] {
  const parsed = (bodies[request] ?? []).map((body) => JSON.parse(body) as { data: { token: string } });
  return parsed.map(({ data }) => data.token);
}

test('a token costs one request per Namespace that has none, and is the same in both', async () => {
  const { client, asked, bodies } = await server({ [`POST ${FIRST}`]: [made], [`POST ${SECOND}`]: [made] });
  const token = await ensureToken(client, agentObjects(settings, '').namespaces);
  expect(asked()).toEqual([`POST ${FIRST}`, `POST ${SECOND}`]);
  const stored = Buffer.from(token).toString('base64');
  expect(token.length).toBeGreaterThan(40);
  expect([tokens(bodies, `POST ${FIRST}`), tokens(bodies, `POST ${SECOND}`)]).toEqual([[stored], [stored]]);
});

test('a token that one Namespace has already is kept: its agents know it', async () => {
  const old = Buffer.from('old').toString('base64');
  const name = 'netaccept-token';
  const { client, asked, bodies } = await server({
    [`POST ${FIRST}`]: [made],
    [`POST ${SECOND}`]: [there],
    [`GET ${SECOND}/${name}`]: [[200, { data: { token: old } }]],
    [`PATCH ${FIRST}/${name}`]: [[200, {}]],
  });
  expect(await ensureToken(client, agentObjects(settings, '').namespaces)).toBe('old');
  expect(asked()).toEqual([
    `POST ${FIRST}`,
    `POST ${SECOND}`,
    `GET ${SECOND}/${name}`,
    `PATCH ${FIRST}/${name}`,
  ]);
  expect(tokens(bodies, `PATCH ${FIRST}/${name}`)).toEqual([old]);
});
