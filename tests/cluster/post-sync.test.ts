// Argo CD's hook is a Job: here it is applied as Argo CD would, with the rights of manifests/rbac, and runs.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { buildImage } from '../../ci/image/build.ts';
import { dropRule, withFault } from '../../fixtures/faults/inject.ts';
import { pipelineFile, ROOT } from '../pipelines/workspace.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { apply, kubectl } from './users.ts';

let job: string;

beforeAll(async () => {
  const { ref, archive } = await buildImage('runner', (line) => process.stdout.write(`  ${line}\n`));
  await (await testCluster()).loadImage(archive);
  const hook = parse(await pipelineFile('argo-cd/post-sync.yaml'));
  hook.spec.template.spec.containers[0].image = ref;
  job = stringify(hook);
  await kubectl('apply', '-k', join(ROOT, 'manifests'));
  const settings = {
    NETACCEPT_ONLY: 'tcp',
    NETACCEPT_IMAGE_NAME: inject('agentImage'),
    NETACCEPT_IMAGE_PULL_POLICY: 'Never',
    NETACCEPT_PROBE_TIMEOUT: '1s',
  };
  const metadata = { name: 'netaccept-settings', namespace: 'netaccept' };
  await apply(stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: settings }));
});

afterAll(async () => {
  await kubectl('delete', '-k', join(ROOT, 'manifests'), '--ignore-not-found');
});

test('the API server takes it without a warning about an unknown field or Pod Security', async () => {
  expect(await apply(job, '--dry-run=server', '--validate=strict', '--warnings-as-errors')).toContain(
    'created',
  );
});

test('healthy: the Job completes; with a fault it fails with exit code 1, and its last words say why', async () => {
  const cluster = await testCluster();
  const [, , three] = await fourNodes(cluster);
  expect(await sync()).toMatchObject({ exitCode: 0, condition: 'Complete' });
  const broken = await withFault(cluster, dropRule(three, 'INPUT -p tcp --dport 29801 -j DROP'), sync);
  expect(broken).toMatchObject({ exitCode: 1, condition: 'Failed' });
  expect(broken.message).toContain(three);
});

/** One sync: Argo CD deletes the hook of the one before, applies it and waits for its end. */
async function sync() {
  await kubectl('-n', 'netaccept', 'delete', 'job', 'netaccept-post-sync', '--ignore-not-found');
  await apply(job);
  const ended = ['condition=Complete', 'condition=Failed'].map((condition) =>
    kubectl(
      '-n',
      'netaccept',
      'wait',
      `--for=${condition}`,
      'job/netaccept-post-sync',
      '--timeout=300s',
    ).then(() => condition.split('=')[1]),
  );
  const condition = await Promise.any(ended);
  const pods = await kubectl(
    '-n',
    'netaccept',
    'get',
    'pods',
    '-l',
    'job-name=netaccept-post-sync',
    '-o',
    'json',
  );
  const { exitCode, message } = JSON.parse(pods).items[0].status.containerStatuses[0].state.terminated;
  return { condition, exitCode, message: String(message) };
}
