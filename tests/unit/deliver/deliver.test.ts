import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deliver } from '../../../src/deliver/deliver.ts';
import { FILES, listener, parcelFor } from './parcel.ts';

const IN_POD = { KUBERNETES_SERVICE_HOST: '10.96.0.1' };

test('nothing is sent unless it is asked for', async () => {
  expect(await deliver(await parcelFor())).toEqual([]);
});

describe('webhook', () => {
  test('gets our JSON', async () => {
    const { url, received } = await listener();
    const parcel = await parcelFor({}, { NETACCEPT_WEBHOOK_URL: `${url}/T0/SECRET` });
    expect(await deliver({ ...parcel, pod: { namespace: 'n', job: { name: 'night', uid: 'u' } } })).toEqual([
      { to: 'webhook' },
    ]);
    expect(received).toMatchObject([{ method: 'POST', path: '/T0/SECRET' }]);
    expect(received[0]?.headers['content-type']).toBe('application/json');
    const said = JSON.parse(received[0]?.body ?? '');
    expect(said).toMatchObject({ run: 'a1b2c3d4', cluster: 'demo', exitCode: 1, job: 'night' });
    expect(said.cases).toEqual({ expected: 128, passed: 124, failed: 4, errored: 0, skipped: 0, flaky: 0 });
    expect(said.reasons[0]).toContain('worker-1');
  });

  test('gets a text for Slack, in which nothing is markup', async () => {
    const { url, received } = await listener();
    const parcel = await parcelFor({ webhook: { format: 'slack' } }, { NETACCEPT_WEBHOOK_URL: url });
    parcel.result = { ...parcel.result, cluster: '<!channel> & co' };
    await deliver(parcel);
    const { text, ...rest } = JSON.parse(received[0]?.body ?? '');
    expect(rest).toEqual({});
    expect(text).toMatch(/^FAILED \(exit 1\): 4 of 128/);
    expect(text).toContain('cluster &lt;!channel&gt; &amp; co');
  });

  test.each([
    [0, 0],
    [1, 1],
    [2, 1],
  ] as const)('not-passed: after exit code %d it is called %d times', async (exitCode, calls) => {
    const { url, received } = await listener();
    const parcel = await parcelFor({ webhook: { when: 'not-passed' } }, { NETACCEPT_WEBHOOK_URL: url });
    await deliver({ ...parcel, result: { ...parcel.result, exitCode } });
    expect(received).toHaveLength(calls);
  });

  test('that fails is told by its host only: the rest of the URL is a secret', async () => {
    const { url } = await listener(403);
    const { host } = new URL(url);
    const refused = await parcelFor({}, { NETACCEPT_WEBHOOK_URL: `${url}/T0/SECRET?k=SECRET` });
    expect(await deliver(refused)).toEqual([{ to: 'webhook', trouble: `${host} answered 403` }]);
    const nobody = await parcelFor({}, { NETACCEPT_WEBHOOK_URL: 'http://127.0.0.1:1/SECRET' });
    const [{ trouble } = { trouble: undefined }] = await deliver(nobody);
    expect(trouble).toContain('127.0.0.1:1');
    expect(trouble).not.toContain('SECRET');
    const wrong = await parcelFor({}, { NETACCEPT_WEBHOOK_URL: 'SECRET' });
    expect(await deliver(wrong)).toEqual([{ to: 'webhook', trouble: 'NETACCEPT_WEBHOOK_URL is no URL' }]);
  });
});

test('a Pushgateway gets the metrics of this cluster, with a login where there is one', async () => {
  const { url, received } = await listener();
  const env = { NETACCEPT_PUSHGATEWAY_AUTH: 'user:pass' };
  const parcel = await parcelFor({ pushgateway: { url: `${url}/push/`, job: 'nightly' } }, env);
  expect(await deliver(parcel)).toEqual([{ to: 'pushgateway' }]);
  expect(received).toMatchObject([
    { method: 'PUT', path: '/push/metrics/job/nightly/cluster@base64/ZGVtbw', body: FILES['metrics.prom'] },
  ]);
  expect(received[0]?.headers.authorization).toBe(`Basic ${btoa('user:pass')}`);
});

describe('the termination message', () => {
  test('is written where the kubelet has put a file, and says what was not delivered', async () => {
    const parcel = await parcelFor({}, { ...IN_POD, NETACCEPT_WEBHOOK_URL: 'http://127.0.0.1:1/' });
    const path = join(parcel.dir, 'termination-log');
    parcel.delivery.terminationMessage = path;
    await writeFile(path, '');
    await deliver(parcel);
    const said = await readFile(path, 'utf8');
    expect(said).toMatch(/^FAILED \(exit 1\): 4 of 128 cases failed\n/);
    expect(said).toMatch(/\nnot delivered to webhook: 127\.0\.0\.1:1: .*$/);
    expect(Buffer.byteLength(said)).toBeLessThanOrEqual(4096);
  });

  test.each([
    ['outside a cluster', {}, true],
    ['where there is no such file', IN_POD, false],
  ])('is not written %s', async (_, env, there) => {
    const parcel = await parcelFor({}, env);
    const path = join(parcel.dir, 'termination-log');
    parcel.delivery.terminationMessage = path;
    if (there) await writeFile(path, '');
    await deliver(parcel);
    expect(await readFile(path, 'utf8').catch(() => 'absent')).toBe(there ? '' : 'absent');
  });
});

test.each([
  ['event', { event: true }, 'this is no pod of a Job'],
  ['configMaps', { configMaps: { keep: 1 } }, 'this is no pod, so there is no Namespace for them'],
  ['s3', { s3: { bucket: 'net' } }, 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set'],
])('%s where it cannot be is told, and nothing is thrown', async (to, changes, trouble) => {
  expect(await deliver(await parcelFor(changes))).toEqual([{ to, trouble }]);
});
