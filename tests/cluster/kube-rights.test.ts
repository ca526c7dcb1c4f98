// What netaccept may and may not do, with users that have few rights or none.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SetupError } from '../../src/errors.ts';
import { applyAgents } from '../../src/kube/apply.ts';
import { discoverNodes } from '../../src/kube/discover.ts';
import { discoverServices } from '../../src/kube/discover-services.ts';
import { execBatch } from '../../src/kube/exec.ts';
import { acquireLock } from '../../src/kube/lock.ts';
import { manifestsFolder } from '../../src/kube/manifests.ts';
import { applyPolicy } from '../../src/kube/network-policy.ts';
import { applyOwnServices, awaitEndpoints } from '../../src/kube/own-services.ts';
import { explainForbidden } from '../../src/kube/permissions.ts';
import { removeAgents } from '../../src/kube/remove.ts';
import { waitForAgents } from '../../src/kube/wait.ts';
import { WIRE } from '../../src/wire.ts';
import { kubeClient, kubeSettings, NAMESPACES, removeNamespaces } from './kube-settings.ts';
import { kubectl, type TestUser, testUser } from './users.ts';

let user: TestUser;
beforeEach(async () => {
  await removeNamespaces();
  user = await testUser('kube-test-user');
});
afterEach(async () => {
  await user.remove();
  await removeNamespaces();
  await kubectl('delete', 'clusterrole,clusterrolebinding', 'kube-test-runner', '--ignore-not-found');
  for (const namespace of ['kube-system', 'default']) {
    await kubectl('-n', namespace, 'delete', 'role,rolebinding', 'kube-test-runner', '--ignore-not-found');
  }
});

test('a user without any right learns of every missing one at once', async () => {
  const client = await kubeClient(user.kubeconfig);
  const settings = kubeSettings();
  const failed = explainForbidden(client, settings, () => discoverNodes(client, settings));
  const error = await failed.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SetupError);
  const { problems } = error as SetupError;
  expect(problems.every(({ code }) => code === 'forbidden')).toBe(true);
  expect(problems.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'not allowed: list nodes',
      'not allowed: create daemonsets.apps in namespace kube-test',
      'not allowed: create daemonsets.apps in namespace kube-test-host',
      'not allowed: create pods/exec in namespace kube-test',
      'not allowed: update leases.coordination.k8s.io in namespace kube-test',
    ]),
  );
});

test('with the rights of manifests/rbac, in Namespaces that exist, a whole run works', async () => {
  const settings = kubeSettings({ agents: { peer: false } });
  for (const name of NAMESPACES) await kubectl('create', 'namespace', name);
  await kubectl(
    'label',
    'namespace',
    settings.hostNamespace,
    'pod-security.kubernetes.io/enforce=privileged',
  );
  await kubectl('apply', '-f', await rolesFor(user));

  const client = await kubeClient(user.kubeconfig);
  const removed = await explainForbidden(client, settings, async () => {
    const { nodes } = await discoverNodes(client, settings);
    const lock = await acquireLock(client, settings, { holder: 'runner', waitMs: 0 });
    const { spec } = await applyAgents(client, settings);
    await applyOwnServices(client, settings);
    // Again, as the next run does: nothing is created then, everything patched.
    await applyAgents(client, settings);
    const made = await applyOwnServices(client, settings);
    const found = await discoverServices(client, settings, new Set(['dns', 'api-server']));
    expect(found.map(({ role }) => role)).toEqual(['dns', 'api-server']);
    const agents = await waitForAgents(client, settings, nodes, spec);
    expect(agents.filter(({ ready }) => !ready)).toEqual([]);
    const own = await awaitEndpoints(client, settings, made, agents);
    const ready = own.services.map(({ name, endpoints }) => [
      name,
      endpoints.filter((one) => one.ready).length,
    ]);
    expect(Object.fromEntries(ready)).toEqual({
      netaccept: 2 * nodes.length,
      'netaccept-headless': 2 * nodes.length,
      'netaccept-local': 2,
      'netaccept-sticky': 2 * nodes.length,
    });
    // Applied again and again, nothing of it is new: the time since the last change goes on. (Kubernetes' own controller
    // may still write to its slices for a moment.)
    const unchanged = async () => {
      const same = await applyOwnServices(client, settings);
      return (await awaitEndpoints(client, settings, same, agents)).unchangedMs;
    };
    await expect.poll(unchanged, { timeout: 60_000, interval: 500 }).toBeGreaterThanOrEqual(3000);
    const limits = {
      concurrency: 1,
      calmConcurrency: 1,
      perTarget: 1,
      pace: 1,
      deadlineMs: 1000,
      maxLossPercent: 0,
    };
    const nextRound = async () => {};
    const handlers = {
      onLine: () => undefined,
      nextRound,
      question: async () => ({ marks: [], sinceMs: 0 }),
      signal: new AbortController().signal,
      deadlineMs: 60_000,
    };
    for (const agent of agents) {
      const end = await execBatch(client, agent, { wire: WIRE, run: 'x', ...limits, rounds: [] }, handlers);
      expect(end).toEqual({ complete: true });
    }
    // Left behind, as by a run that was killed.
    await applyPolicy(client, settings.namespace, { rehearse: true });
    await applyPolicy(client, settings.namespace);
    const gone = await removeAgents(client, NAMESPACES, { lock });
    await lock.release();
    return gone;
  });
  expect(removed).toContain('NetworkPolicy kube-test/netaccept-deny-peers');
  // Two each of DaemonSet, Secret, ServiceAccount and EndpointSlice, four Services, one NetworkPolicy.
  expect(removed).toHaveLength(13);
  expect(await removeAgents(client, NAMESPACES)).toEqual([]);
});

test('who may not create a Namespace that is missing is told so', async () => {
  const client = await kubeClient(user.kubeconfig);
  const settings = kubeSettings();
  await kubectl('create', 'clusterrole', 'kube-test-runner', '--verb=get', '--resource=namespaces');
  await kubectl(
    'create',
    'clusterrolebinding',
    'kube-test-runner',
    '--clusterrole=kube-test-runner',
    '--serviceaccount=default:kube-test-user',
  );
  const failed = explainForbidden(client, settings, () => applyAgents(client, settings));
  const error = await failed.catch((reason: unknown) => reason as SetupError);
  expect((error as SetupError).problems[0]?.message).toBe('not allowed: create namespaces');
});

test('manifests is a kustomize base that kubectl reads', async () => {
  const objects = await kubectl('kustomize', manifestsFolder());
  const kinds = objects.match(/^kind: \w+$/gm) ?? [];
  expect(kinds.filter((kind) => kind === 'kind: DaemonSet')).toHaveLength(3);
  expect(kinds.filter((kind) => kind === 'kind: Namespace')).toHaveLength(2);
});

/** manifests/rbac for these tests' Namespaces and user. */
async function rolesFor({ kubeconfig }: TestUser): Promise<string> {
  const [namespace, hostNamespace] = NAMESPACES;
  const files = ['clusterrole.yaml', 'role.yaml', 'role-host.yaml', 'role-dns.yaml', 'role-api-server.yaml'];
  const texts = await Promise.all(files.map((file) => readFile(`${manifestsFolder()}rbac/${file}`, 'utf8')));
  const roles = texts
    .join('\n---\n')
    .replaceAll(
      /^( {4}name: netaccept-runner\n {4}namespace: )netaccept$/gm,
      '    name: kube-test-user\n    namespace: default',
    )
    .replaceAll('name: netaccept-runner', 'name: kube-test-runner')
    .replaceAll('namespace: netaccept-host', `namespace: ${hostNamespace}`)
    .replaceAll(/namespace: netaccept$/gm, `namespace: ${namespace}`);
  const path = join(`${kubeconfig}-roles.yaml`);
  await writeFile(path, roles);
  return path;
}
