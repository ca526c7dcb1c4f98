import { readFile } from 'node:fs/promises';

/** Where manifests/ mount the ConfigMap `kube-root-ca.crt`, which Kubernetes keeps in every Namespace. */
const MOUNTED = '/cluster-ca/ca.crt';

/** The certificates (PEM) that vouch for the API server; undefined where the pod was given none. */
export async function clusterCa(): Promise<string | undefined> {
  try {
    return await readFile(process.env.NETACCEPT_CLUSTER_CA ?? MOUNTED, 'utf8');
  } catch {
    return undefined;
  }
}
