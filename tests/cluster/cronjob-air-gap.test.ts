// A site without the Internet: what `npm run bundle` makes, a registry with a login, and Nodes that know no other.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { airGapBundle } from '../../ci/air-gap.ts';
import { archOf } from '../../ci/image/arch.ts';
import { buildImage } from '../../ci/image/build.ts';
import { loggedIn, type Registry, registryBeside } from '../../fixtures/peers/registry.ts';
import { packageVersion } from '../../src/suite/version.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { netaccept } from './netaccept.ts';
import { removeNightly } from './nightly.ts';
import { kubectl } from './users.ts';
import { type ResultsVolume, resultsVolume } from './volume.ts';

const SECRET = 'netaccept-registry';
const RESULTS = 'app.kubernetes.io/component=results';
const version = packageVersion();
let registry: Registry;
let site: string;
let volume: ResultsVolume;

beforeAll(async () => {
  const cluster = await testCluster();
  registry = await registryBeside(cluster);
  const scratch = await mkdtemp(join(tmpdir(), 'netaccept-air-gap-'));
  await execa('tar', ['-xzf', await airGapBundle(scratch), '-C', scratch]);
  site = join(scratch, `netaccept-${version}-${archOf()}`);
  const [, two] = await fourNodes(cluster);
  volume = await resultsVolume(cluster, two);
  // No Node has an image of ours from anywhere else.
  for (const { name } of cluster.nodes) {
    await cluster.exec(name, [
      'sh',
      '-c',
      "ctr -n k8s.io images ls -q | grep -E 'netaccept/(agent|runner)' | xargs -r ctr -n k8s.io images rm --sync",
    ]);
  }
});

afterAll(async () => {
  await removeNightly();
  await volume.remove();
  await registry.remove();
  // For the files after this one.
  const cluster = await testCluster();
  for (const target of ['agent', 'runner'] as const) {
    await cluster.loadImage((await buildImage(target, () => {})).archive);
  }
});

test('the bundle names its images by their digests, and what is in them', async () => {
  expect(await readFile(join(site, 'images.txt'), 'utf8')).toMatch(
    new RegExp(
      `^netaccept/agent:${version}  sha256:[0-9a-f]{64}\\nnetaccept/runner:${version}  sha256:[0-9a-f]{64}\\n$`,
    ),
  );
  const bom = JSON.parse(await readFile(join(site, 'sbom.cdx.json'), 'utf8'));
  expect(bom.bomFormat).toBe('CycloneDX');
  const names = (bom.components as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['node', 'vitest', '@kubernetes/client-node']));
  expect(names).not.toContain('typescript');
});

test('pushed and applied as its README says, every pod pulls from that registry, and the run is green', async () => {
  await pushed();
  await kubectl('apply', '-k', join(site, 'manifests/namespaces'));
  for (const namespace of ['netaccept', 'netaccept-host']) await loginSecret(namespace);
  await writeFile(
    join(site, 'cronjob/components/registry/registry.env'),
    `NETACCEPT_IMAGE_REGISTRY=${registry.name}\nNETACCEPT_IMAGE_PULL_SECRETS=${SECRET}\n`,
  );
  await kubectl('apply', '-k', join(site, 'cronjob/overlays/site'));
  const { exitCode, stdout } = await netaccept(['job', 'run']);
  expect(stdout).toMatch(/^PASSED/);
  expect(exitCode).toBe(0);
  const events = await kubectl(
    'get',
    'events',
    '-A',
    '--field-selector',
    'reason=Pulled',
    '-o',
    'jsonpath={.items[*].message}',
  );
  for (const name of ['agent', 'runner']) {
    expect(events).toContain(`Successfully pulled image "${registry.name}/netaccept/${name}:${version}"`);
  }
});

test('without the login nobody can pull: the run says so by name', async () => {
  await kubectl('-n', 'netaccept-host', 'delete', 'secret', SECRET);
  const cluster = await testCluster();
  const agent = `${registry.name}/netaccept/agent:${version}`;
  for (const { name } of cluster.nodes)
    await cluster.exec(name, ['ctr', '-n', 'k8s.io', 'images', 'rm', '--sync', agent]);
  await kubectl(
    '-n',
    'netaccept',
    'create',
    'configmap',
    'netaccept-env',
    '--from-literal=NETACCEPT_AGENTS_READY_TIMEOUT=20s',
  );
  const { exitCode, stdout } = await netaccept(['job', 'run']);
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/ErrImagePull|ImagePullBackOff/);
});

test('the results server pulls with the same login, and without it does not start', async () => {
  const deployment = (...args: string[]) => kubectl('-n', 'netaccept', ...args);
  await deployment('rollout', 'status', 'deployment/netaccept-results', '--timeout=120s');
  await deployment('scale', 'deployment/netaccept-results', '--replicas=0');
  await deployment('wait', 'pod', '-l', RESULTS, '--for=delete', '--timeout=60s');
  const runner = `${registry.name}/netaccept/runner:${version}`;
  const cluster = await testCluster();
  for (const { name } of cluster.nodes)
    await cluster.exec(name, ['ctr', '-n', 'k8s.io', 'images', 'rm', '--sync', runner]);
  await deployment('delete', 'secret', SECRET);
  await deployment('scale', 'deployment/netaccept-results', '--replicas=1');
  const path = 'jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}';
  const waiting = () => deployment('get', 'pods', '-l', RESULTS, '-o', path);
  await expect
    .poll(waiting, { timeout: 60_000, interval: 1000 })
    .toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
  await loginSecret('netaccept');
  await deployment('rollout', 'restart', 'deployment/netaccept-results');
  await deployment('rollout', 'status', 'deployment/netaccept-results', '--timeout=120s');
  const image = await deployment(
    'get',
    'pods',
    '-l',
    RESULTS,
    '-o',
    'jsonpath={.items[*].spec.containers[*].image}',
  );
  expect(image).toBe(runner);
});

async function pushed(): Promise<void> {
  const { push } = registry;
  const env = await loggedIn(registry);
  await execa('docker', ['load', '-i', join(site, 'images.tar')], { env });
  for (const name of ['agent', 'runner']) {
    const ref = `${push}/netaccept/${name}:${version}`;
    await execa('docker', ['tag', `netaccept/${name}:${version}`, ref], { env });
    await execa('docker', ['push', '-q', ref], { env });
    await execa('docker', ['rmi', ref], { env });
  }
}

async function loginSecret(namespace: string): Promise<void> {
  const { name, user, password } = registry;
  const login = [`--docker-server=${name}`, `--docker-username=${user}`, `--docker-password=${password}`];
  await kubectl('-n', namespace, 'create', 'secret', 'docker-registry', SECRET, ...login);
}
