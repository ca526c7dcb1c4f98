// A cluster in which another version's agents are: each Node ends up with this version's, and the run says so.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { packageVersion } from '../../src/suite/version.ts';
import { netaccept } from './netaccept.ts';
import { kubectl, leftovers } from './users.ts';

const CHECK = ['check', '--only', 'tcp,pod-to-pod'];
const AGENT = 'netaccept-pod-agent';

afterEach(async () => {
  await netaccept(['clean']);
});

test('agents of an earlier version are replaced, and told', async () => {
  expect((await netaccept([...CHECK, '--keep'])).exitCode).toBe(0);
  const older = { spec: { template: { metadata: { labels: { 'app.kubernetes.io/version': '0.0.9' } } } } };
  await kubectl('-n', 'netaccept', 'patch', 'daemonset', AGENT, '-p', JSON.stringify(older));
  await kubectl('-n', 'netaccept', 'rollout', 'status', `daemonset/${AGENT}`, '--timeout=60s');
  const { exitCode, stderr } = await netaccept([...CHECK, '--keep']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`agents of netaccept 0.0.9 are there: ${packageVersion()} replaces them`);
  const versions = ['get', 'pods', '-A', '-l', 'app.kubernetes.io/managed-by=netaccept', '-o'];
  const said = await kubectl(
    ...versions,
    'jsonpath={.items[*].metadata.labels.app\\.kubernetes\\.io/version}',
  );
  expect(new Set(said.split(' '))).toEqual(new Set([packageVersion()]));
  // A second one of the same version finds nothing to replace.
  expect((await netaccept([...CHECK])).stderr).not.toContain('replaces them');
});

test('a DaemonSet that cannot be changed in place is made anew', async () => {
  expect((await netaccept([...CHECK, '--keep'])).exitCode).toBe(0);
  const found = JSON.parse(await kubectl('-n', 'netaccept', 'get', 'daemonset', AGENT, '-o', 'json'));
  const { namespace, name, labels } = found.metadata;
  const { template } = found.spec;
  template.metadata.labels = { ...template.metadata.labels, generation: 'first' };
  const older = {
    ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace, labels } },
    spec: { selector: { matchLabels: { generation: 'first' } }, template },
  };
  await kubectl('-n', 'netaccept', 'delete', 'daemonset', AGENT);
  const path = join((await netaccept(['checks'])).dir, 'older.json');
  await writeFile(path, JSON.stringify(older));
  await kubectl('apply', '-f', path);
  const { exitCode } = await netaccept(CHECK);
  expect(exitCode).toBe(0);
  expect(await leftovers()).toEqual([]);
});
