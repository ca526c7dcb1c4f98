// The stages of ci/pipelines against the cluster, healthy and with a fault: exit codes, and results where they say.
import { readFile } from 'node:fs/promises';
import { afterAll, expect, inject, test } from 'vitest';
import { dropRule, withFault } from '../../fixtures/faults/inject.ts';
import { runGithub } from '../pipelines/github.ts';
import { runGitlab } from '../pipelines/gitlab.ts';
import { runJenkins } from '../pipelines/jenkins.ts';
import { complaintsAboutResults } from '../pipelines/results.ts';
import { runTekton } from '../pipelines/tekton.ts';
import type { StageRun } from '../pipelines/workspace.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { netaccept } from './netaccept.ts';

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
