import { randomBytes } from 'node:crypto';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { connect, type KubeClient } from '../../../src/kube/connect.ts';
import {
  listResults,
  PART_BYTES,
  readResult,
  removeOldResults,
  writeResult,
} from '../../../src/kube/result-maps.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';

/** An API server that keeps ConfigMaps. */
async function store(): Promise<{ client: KubeClient; maps: Map<string, V1ConfigMap>; accepts: string[] }> {
  const maps = new Map<string, V1ConfigMap>();
  const accepts: string[] = [];
  const { kubeconfig } = await fakeApiServer({
    async onRequest(request, response) {
      const url = new URL(request.url ?? '', 'http://x');
      const name = url.pathname.split('/')[6] ?? '';
      const run = /netaccept\.io\/run=([^,]+)/.exec(url.searchParams.get('labelSelector') ?? '')?.[1];
      const items = [...maps.values()].filter(
        ({ metadata }) => run === undefined || metadata?.labels?.['netaccept.io/run'] === run,
      );
      if (request.method === 'POST') {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as V1ConfigMap;
        maps.set(body.metadata?.name ?? '', body);
        sendJson(response, 201, body);
      } else if (request.method === 'DELETE') {
        for (const { metadata } of items) maps.delete(metadata?.name ?? '');
        sendJson(response, 200, { items });
      } else if (name === '') {
        accepts.push(request.headers.accept ?? '');
        sendJson(response, 200, { items: items.map(({ metadata }) => ({ metadata })) });
      } else sendJson(response, 200, maps.get(name));
    },
  });
  return { client: await connect({ kubeconfig }), maps, accepts };
}

const about = (run: string) => ({ run, job: 'night', verdict: 'PASSED (exit 0)' });

test('what was written in parts is read back as it was; listing them asks for no data', async () => {
  const { client, maps, accepts } = await store();
  const archive = randomBytes(2 * PART_BYTES + 1);
  await writeResult(client, 'n', about('2026-11-20T09-41-07Z-3fa9c2'), archive);
  expect([...maps.keys()]).toEqual(
    ['00', '01', '02'].map((part) => `netaccept-result-2026-11-20t09-41-07z-3fa9c2-${part}`),
  );
  const [stored] = await listResults(client, 'n');
  expect(stored).toMatchObject({ ...about('2026-11-20T09-41-07Z-3fa9c2'), parts: 3 });
  expect(accepts[0]).toContain('as=PartialObjectMetadataList');
  expect(stored && (await readResult(client, 'n', stored)).equals(archive)).toBe(true);
});

test('a part that is missing or was changed is told', async () => {
  const { client, maps } = await store();
  await writeResult(client, 'n', about('a'), randomBytes(PART_BYTES + 1));
  const [whole] = await listResults(client, 'n');
  const second = maps.get('netaccept-result-a-01');
  if (whole === undefined || second === undefined) throw new Error('nothing was written');
  second.binaryData = { 'recording.tgz': 'AAAA' };
  await expect(readResult(client, 'n', whole)).rejects.toThrow('the ConfigMaps of run a do not fit together');
  maps.delete('netaccept-result-a-01');
  const [half] = await listResults(client, 'n');
  await expect(readResult(client, 'n', half ?? whole)).rejects.toThrow('run a has 1 of its 2 ConfigMaps');
});

test('the newest come first, and only so many stay', async () => {
  const { client } = await store();
  for (const run of ['b', 'a', 'c']) await writeResult(client, 'n', about(run), Buffer.from(run));
  expect((await listResults(client, 'n')).map(({ run }) => run)).toEqual(['c', 'b', 'a']);
  expect(await removeOldResults(client, 'n', 2)).toEqual(['a']);
  expect((await listResults(client, 'n')).map(({ run }) => run)).toEqual(['c', 'b']);
});
