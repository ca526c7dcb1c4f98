import type { KubeClient } from '../kube/connect.ts';
import { recordEvents } from '../kube/result-event.ts';
import { briefLine, briefOf } from '../report/brief.ts';
import type { Parcel } from './deliver.ts';

const REASONS = { 0: 'Passed', 1: 'Failed', 2: 'CouldNotTell', 3: 'NotRun' } as const;

export async function toEvents({ result, pod }: Parcel, api: () => Promise<KubeClient>): Promise<void> {
  if (pod?.job === undefined) throw new Error('this is no pod of a Job');
  const message = briefLine(briefOf(result), 1000);
  const type = result.exitCode === 0 ? 'Normal' : 'Warning';
  await recordEvents(
    await api(),
    { ...pod, job: pod.job },
    { type, reason: REASONS[result.exitCode], message },
  );
}
