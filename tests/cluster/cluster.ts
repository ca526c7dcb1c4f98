import { inject } from 'vitest';
import { chooseProvider } from '../../fixtures/clusters/choose.ts';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';

/** The running test cluster, for breaking it. */
export async function testCluster(): Promise<Cluster> {
  const provider = await chooseProvider(process.env.NETACCEPT_PROVIDER);
  const cluster = await provider.find(inject('clusterName'));
  if (cluster === undefined) throw new Error(`cluster ${inject('clusterName')} is not running`);
  return cluster;
}

/** Names of its four Nodes, control plane first. */
export async function fourNodes(cluster: Cluster): Promise<[string, string, string, string]> {
  const [one, two, three, four] = cluster.nodes.map((node) => node.name).sort();
  if (!one || !two || !three || !four) throw new Error('these tests need four Nodes');
  return [one, two, three, four];
}
