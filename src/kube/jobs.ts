import { randomBytes } from 'node:crypto';
import type { V1ContainerStateTerminated, V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import { asked, askedUnless } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';

export interface RunJob {
  namespace: string;
  name: string;
  uid: string;
  /** Its activeDeadlineSeconds and its pod's terminationGracePeriodSeconds. */
  limitSeconds: number;
}

/** Without a deadline of its own a Job may go on for ever: nobody follows it longer than this. */
const DAY_SECONDS = 86_400;

/**
 * A Job from the CronJob's template, as `kubectl create job --from` makes one. The name is chosen here, so that a request
 * whose answer was lost makes no second one. Throws a SetupError where there is no such CronJob.
 */
export async function createRunJob(
  client: KubeClient,
  namespace: string,
  cronJob: string,
  now: Date,
): Promise<RunJob> {
  const from = client.batch.readNamespacedCronJob({ name: cronJob, namespace }, call());
  const found = await askedUnless(404, `reading cronjob ${namespace}/${cronJob}`, from);
  if (found?.spec === undefined) {
    throw new SetupError({
      code: 'no-cronjob',
      message: `there is no CronJob ${cronJob} in namespace ${namespace}`,
      hint: 'kubectl apply -k cronjob/base installs it; --cronjob and --namespace name another one',
    });
  }
  const { metadata, spec } = found.spec.jobTemplate;
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 12);
  const name = `${cronJob.slice(0, 30)}-run-${stamp}-${randomBytes(3).toString('hex')}`;
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob, uid: found.metadata?.uid ?? '' };
  const body: V1Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      labels: { ...metadata?.labels },
      annotations: { ...metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ ...owner, controller: true }],
    },
    ...(spec === undefined ? {} : { spec }),
  };
  const create = client.batch.createNamespacedJob({ namespace, body }, call());
  // There already: ours, by its name.
  const made = await askedUnless(409, `creating job ${namespace}/${name}`, create);
  const job = made ?? (await readJob(client, namespace, name));
  const grace = job?.spec?.template.spec?.terminationGracePeriodSeconds ?? 30;
  const limitSeconds = (job?.spec?.activeDeadlineSeconds ?? DAY_SECONDS) + grace;
  return { namespace, name, uid: job?.metadata?.uid ?? '', limitSeconds };
}

/** Undefined once it is gone. */
export function readJob(client: KubeClient, namespace: string, name: string): Promise<V1Job | undefined> {
  const request = client.batch.readNamespacedJob({ name, namespace }, call());
  return askedUnless(404, `reading job ${namespace}/${name}`, request);
}

/** With its pod, which gets its time to end. */
export async function deleteJob(client: KubeClient, { namespace, name }: RunJob): Promise<void> {
  const request = client.batch.deleteNamespacedJob(
    { name, namespace, propagationPolicy: 'Background' },
    call(),
  );
  await askedUnless(404, `deleting job ${namespace}/${name}`, request);
}

/** The Job's one pod: it never retries. */
export async function podOfJob(client: KubeClient, { namespace, name }: RunJob): Promise<V1Pod | undefined> {
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  const request = client.core.listNamespacedPod({ namespace, labelSelector }, call());
  return (await asked(`listing the pods of job ${namespace}/${name}`, request)).items[0];
}

/** `Complete`, or why it failed (`DeadlineExceeded: …`); undefined while it runs. */
export function endOfJob(job: V1Job): string | undefined {
  const end = job.status?.conditions?.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  if (end === undefined) return undefined;
  return end.type === 'Complete' ? 'Complete' : `${end.reason}: ${end.message}`;
}

/** How its container ended. */
export function endOfPod(pod: V1Pod): V1ContainerStateTerminated | undefined {
  return firstContainer(pod)?.state?.terminated;
}

/** What its pod is doing: `ImagePullBackOff: …`, `Running`. */
export function stateOfPod(pod: V1Pod): string {
  const waiting = firstContainer(pod)?.state?.waiting;
  const unscheduled = pod.status?.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  const why = waiting ?? unscheduled;
  const said = [why?.reason, why?.message].filter((text) => text !== undefined && text !== '');
  return said.length > 0 ? said.join(': ') : (pod.status?.phase ?? 'Unknown');
}

function firstContainer(pod: V1Pod): V1ContainerStatus | undefined {
  return pod.status?.containerStatuses?.[0];
}
