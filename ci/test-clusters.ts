// The clusters that the cluster tests break and mend: one for each Vitest project that needs one.
import { chooseProvider } from '../fixtures/clusters/choose.ts';
import type { Say } from '../fixtures/clusters/cluster.ts';
import { parseClusterOptions } from '../fixtures/clusters/options.ts';
import { messageOf } from '../src/errors.ts';
import { buildImage } from './image/build.ts';

/** Cluster names by project. NETACCEPT_TEST_CLUSTER names another one, for all of them. */
export const TEST_CLUSTERS = {
  cluster: 'netaccept-test',
  operation: 'netaccept-test-2',
} as const satisfies Record<string, string>;

/** Fresh ones, in place of what an earlier run has left. A failure is told and left to the tests themselves: each then says it again. */
export async function withTestClusters(say: Say): Promise<string[]> {
  const made: string[] = [];
  try {
    const provider = await chooseProvider(process.env.NETACCEPT_PROVIDER);
    // One after the other: both would build the same programs.
    for (const name of new Set<string>(Object.values(TEST_CLUSTERS))) {
      made.push(name);
      // What a run that was killed has left may still be broken on purpose. The user's own cluster is never taken down.
      if (provider.name !== 'existing') await provider.down(name, say);
      await provider.up(parseClusterOptions({ name }), say);
    }
    // Both projects load it: built once, before they start.
    await buildImage('agent', say);
  } catch (error) {
    say(messageOf(error));
  }
  return made;
}

export async function takeDown(names: readonly string[], say: Say): Promise<void> {
  for (const name of names) {
    await chooseProvider(process.env.NETACCEPT_PROVIDER)
      .then((provider) => provider.down(name, say))
      .catch((error: unknown) => say(messageOf(error)));
  }
}
