import { readFileSync } from 'node:fs';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { V1CronJob, V1Deployment, V1Service } from '@kubernetes/client-node';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { OURS } from '../../../src/kube/names.ts';

const FOLDER = fileURLToPath(new URL('../../../cronjob/serve', import.meta.url));
const deployment = read('deployment.yaml') as V1Deployment;
const service = read('service.yaml') as V1Service;
const pod = deployment.spec?.template;
const container = pod?.spec?.containers[0];
const hasKubectl = (await execa('kubectl', ['version', '--client'], { reject: false })).exitCode === 0;

test('Pod Security "restricted" takes it, and it holds no API token', () => {
  expect(pod?.spec).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  });
  expect(container?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('it can read the results and write none', () => {
  expect(container?.volumeMounts).toContainEqual({
    name: 'results',
    mountPath: '/var/lib/netaccept',
    readOnly: true,
  });
});

test('the Service finds its pods, and the kubelet asks where no token is needed', () => {
  expect(pod?.metadata?.labels).toMatchObject(service.spec?.selector ?? { no: 'selector' });
  expect(service.spec?.ports?.[0]?.targetPort).toBe(container?.ports?.[0]?.name);
  for (const probe of [container?.readinessProbe, container?.livenessProbe])
    expect(probe?.httpGet).toEqual({ path: '/healthz', port: 'http' });
});

test('`netaccept clean` does not take it for a run’s own', () => {
  const [label = ''] = OURS.split('=');
  for (const { metadata } of [deployment, service, pod ?? {}]) {
    expect(metadata?.labels).toBeDefined();
    expect(metadata?.labels).not.toHaveProperty([label]);
  }
});

test.runIf(hasKubectl)('kubectl makes the same of it', async () => {
  const { stdout } = await execa('kubectl', ['kustomize', FOLDER]);
  const made = parseAllDocuments(stdout).map((document) => document.toJS() as unknown);
  expect(made).toHaveLength(2);
  expect(made).toEqual(expect.arrayContaining([deployment, service]));
});

test.runIf(hasKubectl)('the components: runs go to its Node, and it has a port on every one', async () => {
  const home = await mkdtemp(join(tmpdir(), 'kustomize-'));
  await cp(FOLDER, join(home, 'serve'), { recursive: true });
  const cronJob = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'netaccept' },
    spec: { jobTemplate: { spec: { template: { spec: { containers: [] } } } } },
  };
  await writeFile(join(home, 'cronjob.yaml'), JSON.stringify(cronJob));
  const kustomization = {
    resources: ['serve', 'cronjob.yaml'],
    components: ['serve/same-node', 'serve/node-port'],
  };
  await writeFile(join(home, 'kustomization.yaml'), JSON.stringify(kustomization));
  const { stdout } = await execa('kubectl', ['kustomize', home]);
  const made = parseAllDocuments(stdout).map((document) => document.toJS() as { kind: string });
  const runner = made.find(({ kind }) => kind === 'CronJob') as V1CronJob | undefined;
  const [near] =
    runner?.spec?.jobTemplate.spec?.template.spec?.affinity?.podAffinity
      ?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  expect(pod?.metadata?.labels).toMatchObject(
    near?.podAffinityTerm.labelSelector?.matchLabels ?? { no: 'selector' },
  );
  const exposed = made.find(({ kind }) => kind === 'Service') as V1Service | undefined;
  expect(exposed?.spec).toMatchObject({ type: 'NodePort', ports: [{ nodePort: 30_880 }] });
});

function read(name: string): unknown {
  return parse(readFileSync(join(FOLDER, name), 'utf8'));
}
