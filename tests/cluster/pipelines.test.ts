// The stages of ci/pipelines against the cluster, healthy and with a fault: exit codes, and results where they say.
import { mkdtemp, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { dropRule, withFault } from '../../fixtures/faults/inject.ts';
import { snippet } from '../pipelines/docs.ts';
import { runGithub } from '../pipelines/github.ts';
import { runGitlab } from '../pipelines/gitlab.ts';
import { runJenkins } from '../pipelines/jenkins.ts';
import { complaintsAboutResults } from '../pipelines/results.ts';
import { runTekton } from '../pipelines/tekton.ts';
import { ROOT, runIn, type StageRun } from '../pipelines/workspace.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { netaccept } from './netaccept.ts';
import { kubectl } from './users.ts';

const env = {
  NETACCEPT_IMAGE_NAME: inject('agentImage'),
  NETACCEPT_IMAGE_PULL_POLICY: 'Never',
  NETACCEPT_PROBE_TIMEOUT: '1s',
};
const here = { ...env, KUBECONFIG: inject('kubeconfig') };
const SHORT = '--keep --only tcp';

const STAGES: [string, () => Promise<StageRun>][] = [
  ['GitLab', () => runGitlab(SHORT, here)],
  [
    'GitHub',
    // The kubeconfig comes as text, from a secret.
    async () =>
      runGithub({ arguments: SHORT, kubeconfig: await readFile(inject('kubeconfig'), 'utf8') }, env),
  ],
  ['Jenkins', () => runJenkins({ ARGUMENTS: SHORT, 'netaccept-kubeconfig': inject('kubeconfig') }, env)],
  ['Tekton', () => runTekton(SHORT.split(' '), here)],
];
const JENKINS = ['SUCCESS', 'FAILURE'];

afterAll(async () => {
  await netaccept(['clean']);
  await kubectl('delete', '-k', join(ROOT, 'manifests'), '--ignore-not-found');
});

test('healthy: every stage ends in success; with a fault, every one in failure; with results both times', async () => {
  const cluster = await testCluster();
  const [, , three] = await fourNodes(cluster);
  const judge = async (code: 0 | 1) => {
    for (const [name, run] of STAGES) {
      const { exitCode, said, folder, junit, ...more } = await run();
      const ended = 'build' in more ? more.build : exitCode;
      expect(ended, `${name}: ${said}`).toEqual(
        'build' in more ? expect.objectContaining({ result: JENKINS[code] }) : code,
      );
      expect(await complaintsAboutResults(folder, junit), name).toEqual([]);
    }
  };
  await judge(0);
  await withFault(cluster, dropRule(three, 'INPUT -p tcp --dport 29801 -j DROP'), () => judge(1));
});

test('the kubeconfig that docs/ci.md makes has the rights that a stage needs, and no administrator’s', async () => {
  // Namespaces that the first test left belong to nobody here: the administrator makes them.
  await netaccept(['clean']);
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-kubeconfig-'));
  await symlink(join(ROOT, 'manifests'), join(folder, 'manifests'));
  const variables = { PATH: process.env.PATH ?? '', KUBECONFIG: inject('kubeconfig') };
  const made = await runIn(folder, ['sh', '-ec', await snippet('kubeconfig')], variables);
  expect(made).toMatchObject({ exitCode: 0 });
  const kubeconfig = join(folder, 'netaccept.kubeconfig');
  const { exitCode, said } = await runGitlab('--only tcp', { ...here, KUBECONFIG: kubeconfig });
  expect([exitCode, said]).toEqual([0, expect.stringContaining('PASSED (exit 0)')]);
  const user = { PATH: process.env.PATH ?? '', KUBECONFIG: kubeconfig };
  const asked = await runIn(folder, ['kubectl', 'auth', 'can-i', 'delete', 'namespaces'], user);
  expect(asked.stdout).toBe('no');
});
