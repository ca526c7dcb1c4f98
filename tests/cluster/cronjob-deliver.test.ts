// Where a night's result goes, sent by the CronJob's own pod: to an object store that checks signatures, and to listeners in
// place of a chat and a Pushgateway. All of them are processes in a Node's own network: pods reach them there.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { dropRule, withFault } from '../../fixtures/faults/inject.ts';
import { bucketOf, type ObjectStore, objectStore } from '../../fixtures/peers/object-store.ts';
import { onNode, type Place, startPeer } from '../../fixtures/peers/on-node.ts';
import type { Received } from '../unit/deliver/parcel.ts';
import { familiesIn } from '../unit/report/prometheus.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { netaccept } from './netaccept.ts';
import { installNightly, removeNightly, terminationMessage, trigger } from './nightly.ts';
import { kubectl } from './users.ts';

const LISTENER = new URL('../../fixtures/peers/listener.ts', import.meta.url).pathname;
const CLUSTER = 'edge/7 & <co>';
let place: Place;
let store: ObjectStore;

beforeAll(async () => {
  const cluster = await testCluster();
  const [one] = await fourNodes(cluster);
  place = await onNode(cluster, one);
  store = await objectStore(place);
  await kubectl('apply', '-k', 'manifests/namespaces');
});
afterAll(async () => {
  await removeNightly();
  await store.stop();
});

test('a night that passed: every file in the bucket, our JSON to the webhook, its metrics in the Pushgateway', async () => {
  const { url, received } = await listener(200);
  await secrets({ ...store.keys, NETACCEPT_WEBHOOK_URL: `${url}/T0/SECRET` });
  const gateway = await listener(202);
  await install(gateway.url, { webhook: { format: 'json' } });
  await trigger('passed');
  const message = await terminationMessage('passed');
  const verdict = message.split('\n')[0] ?? '';
  expect(verdict).toMatch(/^PASSED \(exit 0\)/);
  expect(message).not.toContain('not delivered');

  expect(received).toMatchObject([{ method: 'POST', path: '/T0/SECRET' }]);
  const said = JSON.parse(received[0]?.body ?? '');
  expect(said).toMatchObject({ cluster: CLUSTER, exitCode: 0, verdict, job: 'passed', reasons: [] });
  expect(said.cases).toMatchObject({ failed: 0, errored: 0, skipped: 0 });
  expect(said.cases.passed).toBe(said.cases.expected);
  expect(await kubectl('-n', 'netaccept', 'logs', 'job/passed')).not.toContain('SECRET');

  const objects = await bucketOf(store).list();
  const { dir } = await netaccept(['results', '--last', '--out', 'home']);
  const home = (await readdir(join(dir, 'home'))).sort();
  expect(objects).toEqual(home.map((name) => `nightly/${said.run}/${name}`));
  const outcome = await bucketOf(store).read(`nightly/${said.run}/outcome.jsonl`);
  expect(outcome).toBe(await readFile(join(dir, 'home', 'outcome.jsonl'), 'utf8'));
  const junit = await bucketOf(store).read(`nightly/${said.run}/junit.xml`);
  expect(junit).toContain(`<property name="run" value="${said.run}"/>`);

  const [pushed] = gateway.received;
  const group = `/metrics/job/netaccept/cluster@base64/${Buffer.from(CLUSTER).toString('base64url')}`;
  expect(gateway.received).toMatchObject([{ method: 'PUT', path: group }]);
  expect(pushed?.body).toBe(await bucketOf(store).read(`nightly/${said.run}/metrics.prom`));
  const exitCode = familiesIn(pushed?.body ?? '').get('netaccept_exit_code');
  expect(exitCode?.metrics).toMatchObject([{ value: '0' }]);
});

test('a night that failed, and a key that is wrong: Slack is told, and the pod says what went nowhere', async () => {
  const cluster = await testCluster();
  const [, two] = await fourNodes(cluster);
  const { url, received } = await listener(200);
  await secrets({ ...store.keys, AWS_SECRET_ACCESS_KEY: 'WRONG', NETACCEPT_WEBHOOK_URL: url });
  const before = await bucketOf(store).list();
  const gateway = await listener(400);
  await install(gateway.url, { webhook: { format: 'slack', when: 'not-passed' } });
  await withFault(cluster, dropRule(two, 'INPUT -p tcp --dport 29801 -j DROP'), () => trigger('failed'));
  const message = await terminationMessage('failed');
  expect(message).toMatch(/^FAILED \(exit 1\)/);
  expect(message).toContain(`not delivered to s3: ${new URL(store.endpoint).host} answered 403`);
  expect(message).toContain(`not delivered to pushgateway: ${new URL(gateway.url).host} answered 400`);
  const { text, ...rest } = JSON.parse(received[0]?.body ?? '');
  expect(rest).toEqual({});
  expect(text).toMatch(/^FAILED \(exit 1\): /);
  expect(text).toContain('cluster edge/7 &amp; &lt;co&gt;');
  expect(text).toMatch(new RegExp(`\n1\\. .*${two}`));
  expect(received).toHaveLength(1);
  expect(await bucketOf(store).list()).toEqual(before);
  expect(gateway.received[0]?.body).toMatch(/^netaccept_exit_code 1$/m);
});

/** Ends with the test. */
async function listener(status: number): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const command = [process.execPath, LISTENER, place.host, `${status}`];
  const { url, stop } = await startPeer(place, command, (line) =>
    received.push(JSON.parse(line) as Received),
  );
  onTestFinished(stop);
  return { url, received };
}

/** As cronjob/components/s3 and webhook say that they are made. */
async function secrets({ NETACCEPT_WEBHOOK_URL, ...keys }: Record<string, string>): Promise<void> {
  const make = async (name: string, values: Record<string, string | undefined>) => {
    const literals = Object.entries(values).map(([key, value]) => `--from-literal=${key}=${value}`);
    await kubectl('-n', 'netaccept', 'delete', 'secret', name, '--ignore-not-found');
    await kubectl('-n', 'netaccept', 'create', 'secret', 'generic', name, ...literals);
  };
  await make('netaccept-s3', keys);
  await make('netaccept-webhook', { NETACCEPT_WEBHOOK_URL });
}

async function install(gateway: string, deliver: Record<string, unknown>): Promise<void> {
  await installNightly({
    config: { clusterName: CLUSTER, only: ['tcp', 'pod-to-pod', 'pod-to-node'] },
    deliver: { ...deliver, pushgateway: { url: gateway } },
    resources: ['overlays/s3'],
    components: ['components/webhook'],
    variables: {
      'netaccept-s3': {
        NETACCEPT_DELIVER_S3_ENDPOINT: store.endpoint,
        NETACCEPT_DELIVER_S3_BUCKET: store.bucket,
      },
    },
  });
}
