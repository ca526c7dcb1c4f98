// The images for arm64 do their work: their programs are emulated here, so the Nodes' kernel runs them in the place of ours.
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { archOf } from '../../ci/image/arch.ts';
import { type BuiltImage, buildImage } from '../../ci/image/build.ts';
import { relabelled } from '../../fixtures/clusters/image-archive.ts';
import { loggedIn, registryBeside } from '../../fixtures/peers/registry.ts';
import { packageVersion } from '../../src/suite/version.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { check, netaccept } from './netaccept.ts';
import { expectGreen } from './red.ts';

const FOREIGN = process.arch === 'arm64' ? 'amd64' : 'arm64';
const NODE_NAME = FOREIGN === 'amd64' ? 'x64' : 'arm64';
/** An emulated program is some ten times slower and takes several times the memory: what is shown is that it is right. */
const PATIENT = {
  NETACCEPT_PROBE_TIMEOUT: '10s',
  NETACCEPT_AGENTS_READY_TIMEOUT: '5m',
  NETACCEPT_AGENTS_RESOURCES_LIMITS_MEMORY: '1Gi',
};
const ONLY = ['--only', 'tcp,http,udp,icmp,mtu,dns,node'];

let agent: BuiltImage;
let runner: BuiltImage;
let scratch: string;

beforeAll(async () => {
  const say = (line: string) => process.stdout.write(`  ${line}\n`);
  agent = await buildImage('agent', say, FOREIGN);
  runner = await buildImage('runner', say, FOREIGN);
  scratch = await mkdtemp(join(tmpdir(), 'netaccept-foreign-'));
  await netaccept(['clean']);
}, 3_600_000);

afterAll(async () => {
  await netaccept(['clean']);
  await rm(scratch, { recursive: true });
});

test(`both are for ${FOREIGN}, by what Docker says and by what their Node.js says`, async () => {
  for (const { ref, archive } of [agent, runner]) {
    await execa('docker', ['load', '-i', archive]);
    const { stdout: said } = await execa('docker', ['image', 'inspect', '-f', '{{.Architecture}}', ref]);
    expect(said).toBe(FOREIGN);
    const { stdout } = await inContainer(ref, ['--entrypoint', '/node'], ['-p', 'process.arch']);
    expect(stdout).toBe(NODE_NAME);
  }
});

test('its agents accept the cluster', async () => {
  // A Node takes no image for other machines, and is right: this one says that it is for this machine.
  const { archive, ref } = await relabelled(agent, scratch);
  await (await testCluster()).loadImage(archive);
  expectGreen(await check(ONLY, { env: { ...PATIENT, NETACCEPT_IMAGE_NAME: ref } }));
});

test('its runner does, read-only, as a user without rights, with a kubeconfig', async () => {
  const { stdout } = await inContainer(runner.ref, [], ['--version']);
  expect(stdout).toBe(packageVersion());
  const out = join(scratch, 'results');
  await mkdir(out);
  await copyFile(inject('kubeconfig'), join(scratch, 'kubeconfig'));
  for (const [path, mode] of [
    [scratch, 0o755],
    [out, 0o777],
    [join(scratch, 'kubeconfig'), 0o644],
  ] as const)
    await chmod(path, mode);
  const variables = {
    ...PATIENT,
    KUBECONFIG: '/scratch/kubeconfig',
    NETACCEPT_IMAGE_NAME: inject('agentImage'),
    NETACCEPT_IMAGE_PULL_POLICY: 'Never',
  };
  const ended = await inContainer(
    runner.ref,
    [
      ...Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      ...['--network', 'host', '-v', `${scratch}:/scratch`],
    ],
    ['check', '--out', '/scratch/results', '--only', 'tcp,pod-to-pod'],
  );
  expect(ended.stdout).toMatch(/^PASSED/m);
  expect(ended.exitCode).toBe(0);
});

test('under one name in a registry, each machine takes its own', async () => {
  const cluster = await testCluster();
  const registry = await registryBeside(cluster);
  onTestFinished(() => registry.remove());
  const env = await loggedIn(registry);
  const docker = (...args: string[]) => execa('docker', args, { env });
  const name = `${registry.push}/netaccept/agent:both`;
  const own = await buildImage('agent', () => undefined);
  await docker('load', '-i', own.archive);
  for (const [ref, arch] of [
    [own.ref, archOf()],
    [agent.ref, FOREIGN],
  ] as const) {
    await docker('tag', ref, `${name}-${arch}`);
    await docker('push', '-q', `${name}-${arch}`);
  }
  // `--insecure`: this registry has no TLS.
  const parts = [`${name}-amd64`, `${name}-arm64`];
  await docker('manifest', 'create', '--insecure', name, ...parts);
  await docker('manifest', 'push', '--insecure', name);
  const [node] = await fourNodes(cluster);
  const ctr = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await cluster.exec(node, ['ctr', '-n', 'k8s.io', 'images', ...args]);
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };
  const ref = `${registry.name}/netaccept/agent:both`;
  await ctr('pull', '--plain-http', '--user', `${registry.user}:${registry.password}`, ref);
  expect(await ctr('ls', `name==${ref}`)).toContain('linux/amd64,linux/arm64');
  await ctr('rm', ref);
});

function inContainer(image: string, options: string[], args: string[]) {
  const base = ['run', '--rm', '--platform', `linux/${FOREIGN}`, '--read-only', '--tmpfs', '/tmp'];
  const isNamed = options.includes('--network');
  const network = isNamed ? [] : ['--network', 'none'];
  return execa('docker', [...base, ...network, ...options, image, ...args], { reject: false });
}
