// Brings up the cluster that these tests break and mend, with the agent's image on every Node. A cluster
// that was already running is used and left as it is; one that was made here is taken down again.
import type { TestProject } from 'vitest/node';
import { kubectlFolder } from '../../ci/cluster/kubectl.ts';
import { buildImage } from '../../ci/image/build.ts';
import { TEST_CLUSTERS } from '../../ci/test-clusters.ts';
import { chooseProvider } from '../../fixtures/clusters/choose.ts';
import { parseClusterOptions } from '../../fixtures/clusters/options.ts';
import { undoLeft } from '../../fixtures/faults/inject.ts';
import { removeLeftFixtures } from '../../fixtures/workloads/objects.ts';
import type {} from './provided.ts';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = process.env.NETACCEPT_TEST_CLUSTER ?? clusterOf(project.name);
  const provider = await chooseProvider(process.env.NETACCEPT_PROVIDER);
  const found = await provider.find(name);
  const state = (await provider.list()).find((one) => one.name === name)?.state;
  if (found !== undefined && state !== undefined) say(`using cluster "${name}": ${state}`);
  const cluster = found ?? (await provider.up(parseClusterOptions({ name }), say));
  for (const undone of await undoLeft(cluster)) say(`undone, as a killed test has left it: ${undone}`);
  await removeLeftFixtures(cluster);
  const { ref, archive } = await buildImage('agent', say);
  await cluster.loadImage(archive);
  // With another provider the machine has its own kubectl, or nobody could use that cluster either.
  if (provider.name === 'local') process.env.PATH = `${await kubectlFolder(say)}:${process.env.PATH}`;
  project.provide('clusterName', name);
  project.provide('kubeconfig', cluster.kubeconfig);
  project.provide('agentImage', ref);
  return async () => {
    if (found === undefined) await provider.down(name, say);
  };
}

function clusterOf(project: string): string {
  return project in TEST_CLUSTERS ? TEST_CLUSTERS[project as keyof typeof TEST_CLUSTERS] : 'netaccept-test';
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
