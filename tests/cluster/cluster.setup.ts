// Brings up the cluster that these tests break and mend, with the agent's image on every Node. A cluster
// that was already running is used and left as it is; one that was made here is taken down again.
import type { TestProject } from 'vitest/node';
import { buildImage } from '../../ci/image/build.ts';
import { chooseProvider } from '../../fixtures/clusters/choose.ts';
import { parseClusterOptions } from '../../fixtures/clusters/options.ts';
import type {} from './provided.ts';

const NAME = process.env.NETACCEPT_TEST_CLUSTER ?? 'netaccept-test';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const provider = await chooseProvider(process.env.NETACCEPT_PROVIDER);
  const found = await provider.find(NAME);
  const cluster = found ?? (await provider.up(parseClusterOptions({ name: NAME }), say));
  const { ref, archive } = await buildImage('agent', say);
  await cluster.loadImage(archive);
  project.provide('clusterName', NAME);
  project.provide('kubeconfig', cluster.kubeconfig);
  project.provide('agentImage', ref);
  // Also for tests that only need an API server.
  process.env.NETACCEPT_TEST_KUBECONFIG = cluster.kubeconfig;
  process.env.NETACCEPT_TEST_IMAGE = ref;
  return async () => {
    if (found === undefined) await provider.down(NAME, say);
  };
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
