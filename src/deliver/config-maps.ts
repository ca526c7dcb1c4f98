import type { KubeClient } from '../kube/connect.ts';
import { PART_BYTES, removeOldResults, removeResult, writeResult } from '../kube/result-maps.ts';
import { briefOf } from '../report/brief.ts';
import { packRecording } from './archive.ts';
import type { Parcel } from './deliver.ts';

export async function toConfigMaps(
  { result, dir, pod, delivery }: Parcel,
  api: () => Promise<KubeClient>,
): Promise<void> {
  if (pod === undefined) throw new Error('this is no pod, so there is no Namespace for them');
  const { keep, parts } = delivery.configMaps;
  const archive = await packRecording(dir);
  if (archive.length > parts * PART_BYTES) {
    const needed = Math.ceil(archive.length / PART_BYTES);
    throw new Error(
      `the recording takes ${needed} ConfigMaps of 900 KiB, and deliver.configMaps.parts is ${parts}: nothing was written`,
    );
  }
  const client = await api();
  const { run } = result;
  const about = { run, job: pod.job?.name ?? '', verdict: briefOf(result).verdict };
  try {
    await writeResult(client, pod.namespace, about, archive);
  } catch (error) {
    // A half is of no use to anybody.
    await removeResult(client, pod.namespace, run).catch(() => undefined);
    throw error;
  }
  await removeOldResults(client, pod.namespace, keep);
}
