// A volume that lasts: the test cluster has nobody who would make one for component pvc's claim.
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { apply, kubectl } from './users.ts';

const PATH = '/var/lib/netaccept-results';

export interface ResultsVolume {
  /** Names in one of its folders. */
  list(folder: string): Promise<string[]>;
  /** With its claim, which nothing may use any more. */
  remove(): Promise<void>;
}

/** A folder of that Node. */
export async function resultsVolume(cluster: Cluster, node: string): Promise<ResultsVolume> {
  await cluster.exec(node, ['mkdir', '-p', PATH]);
  const here = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'netaccept-results' },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      local: { path: PATH },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
    },
  };
  await apply(JSON.stringify(volume));
  return {
    list: async (folder) => {
      const { stdout } = await cluster.exec(node, ['ls', `${PATH}/${folder}`]);
      return stdout.split('\n').filter((name) => name !== '');
    },
    remove: async () => {
      await kubectl('-n', 'netaccept', 'delete', 'pvc', 'netaccept-results', '--ignore-not-found');
      await kubectl('delete', 'pv', 'netaccept-results');
      await cluster.exec(node, ['rm', '-r', PATH]);
    },
  };
}
