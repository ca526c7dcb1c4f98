import type { V1ObjectReference } from '@kubernetes/client-node';
import type { OwnPod } from '../model.ts';
import { asked } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';

export interface Notice {
  type: 'Normal' | 'Warning';
  /** One word: `Passed`. */
  reason: string;
  /** At most 1 KiB. */
  message: string;
}

/** An Event on the Job, and one on the CronJob that made it: Jobs go, and `kubectl describe cronjob` shows the nights. */
export async function recordEvents(
  client: KubeClient,
  { namespace, job }: Required<OwnPod>,
  notice: Notice,
): Promise<void> {
  const request = client.batch.readNamespacedJob({ name: job.name, namespace }, call());
  const { metadata } = await asked(`reading job ${namespace}/${job.name}`, request);
  const owner = metadata?.ownerReferences?.find(({ kind }) => kind === 'CronJob');
  const objects: V1ObjectReference[] = [
    { apiVersion: 'batch/v1', kind: 'Job', ...job },
    ...(owner === undefined
      ? []
      : [{ apiVersion: 'batch/v1', kind: 'CronJob', name: owner.name, uid: owner.uid }]),
  ];
  for (const object of objects) await recordEvent(client, { ...object, namespace }, notice);
}

async function recordEvent(
  client: KubeClient,
  involvedObject: V1ObjectReference,
  notice: Notice,
): Promise<void> {
  const { namespace = '', name } = involvedObject;
  const now = new Date(client.transport.now());
  const body = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${name?.slice(0, 200)}.`, namespace },
    involvedObject,
    ...notice,
    source: { component: 'netaccept' },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
  await asked(
    `recording an event in namespace ${namespace}`,
    client.core.createNamespacedEvent({ namespace, body }, call()),
  );
}
