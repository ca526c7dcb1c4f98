import { chooseProvider } from '../fixtures/clusters/choose.ts';
import type { Cluster, Say } from '../fixtures/clusters/cluster.ts';
import { parseClusterOptions } from '../fixtures/clusters/options.ts';
import { buildImage } from './image/build.ts';

export interface ReadyCluster {
  cluster: Cluster;
  /** What `netaccept` has to be told of it, beside this process's own environment. */
  env: NodeJS.ProcessEnv;
}

/** A real cluster on this machine, made or found, with the agent's image on its Nodes. */
export async function readyCluster(name: string | undefined, say: Say): Promise<ReadyCluster> {
  const options = parseClusterOptions({ name });
  const provider = await chooseProvider(process.env.NETACCEPT_PROVIDER);
  const cluster = await provider.up(options, say);
  const { ref, archive } = await buildImage('agent', say);
  await cluster.loadImage(archive);
  const env = {
    ...process.env,
    KUBECONFIG: cluster.kubeconfig,
    NETACCEPT_IMAGE_NAME: ref,
    // The image is on the Nodes; there may be no registry to ask.
    NETACCEPT_IMAGE_PULL_POLICY: 'Never',
  };
  return { cluster, env };
}
