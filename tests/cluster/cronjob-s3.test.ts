// The upload by the S3 API, against a store that checks signatures.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bucketOf, type ObjectStore, objectStore } from '../../fixtures/peers/object-store.ts';
import { deliver } from '../../src/deliver/deliver.ts';
import { FILES, parcelFor } from '../unit/deliver/parcel.ts';

let store: ObjectStore;
beforeAll(async () => {
  store = await objectStore();
});
afterAll(() => store.stop());

test('every file of the run is there, with its type, and nothing else of the folder', async () => {
  const { endpoint, bucket, keys } = store;
  const parcel = await parcelFor({ s3: { endpoint: `${endpoint}/`, bucket, prefix: 'clusters/edge' } }, keys);
  await writeFile(join(parcel.dir, 'outcome.jsonl'), 'o');
  await writeFile(join(parcel.dir, 'notes.txt'), 'mine');
  await writeFile(join(parcel.dir, 'junit.xml.7.tmp'), 'half');
  expect(await deliver(parcel)).toEqual([{ to: 's3' }]);

  const folder = `clusters/edge/${parcel.result.run}`;
  expect(await bucketOf(store).list()).toEqual(
    [...Object.keys(FILES), 'outcome.jsonl'].map((name) => `${folder}/${name}`).sort(),
  );
  const junit = await bucketOf(store).get(`/${folder}/junit.xml`);
  expect([junit.headers.get('content-type'), await junit.text()]).toEqual([
    'application/xml',
    FILES['junit.xml'],
  ]);
});

test.each([
  ['a wrong key', {}, { AWS_SECRET_ACCESS_KEY: 'WRONG' }, 403],
  ['a bucket that does not exist', { bucket: 'nowhere' }, {}, 404],
])('%s is told by the store and its answer, and nothing of the key', async (_, change, env, status) => {
  const { endpoint, bucket, keys } = store;
  const parcel = await parcelFor({ s3: { endpoint, bucket, ...change } }, { ...keys, ...env });
  expect(await deliver(parcel)).toEqual([
    { to: 's3', trouble: `${new URL(endpoint).host} answered ${status}` },
  ]);
});
