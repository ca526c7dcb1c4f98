import type { OwnPod } from '../model.ts';

/** The pod in which this process runs, by what cronjob/base hands it; undefined elsewhere. */
export function ownPod(env: NodeJS.ProcessEnv): OwnPod | undefined {
  const { NETACCEPT_POD_NAMESPACE: namespace, NETACCEPT_JOB: name, NETACCEPT_JOB_UID: uid } = env;
  if (!(env.KUBERNETES_SERVICE_HOST && namespace)) return undefined;
  return { namespace, ...(name && uid ? { job: { name, uid } } : {}) };
}
