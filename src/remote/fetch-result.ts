import { unpackRecording } from '../deliver/archive.ts';
import { messageOf, SetupError } from '../errors.ts';
import type { KubeClient } from '../kube/connect.ts';
import { listResults, readResult, type StoredResult } from '../kube/result-maps.ts';
import { emptyRunFolder } from '../run/recording.ts';

/** The newest run whose parts are all there; only that of `job`, where one is named. */
export async function newestResult(
  client: KubeClient,
  namespace: string,
  job?: string,
): Promise<StoredResult> {
  const all = await listResults(client, namespace, job);
  const whole = all.find(({ maps, parts }) => maps.length === parts);
  if (whole !== undefined) return whole;
  const of = job === undefined ? '' : ` of job ${job}`;
  throw new SetupError({
    code: 'no-result',
    message: `there is no result${of} among the ConfigMaps of namespace ${namespace}`,
    hint: 'runs leave one where deliver.configMaps.keep is more than 0; kubectl describe cronjob says what became of them',
  });
}

/** Its recording, in `dir`; what an earlier run left there is removed. */
export async function fetchResult(
  client: KubeClient,
  namespace: string,
  result: StoredResult,
  dir: string,
): Promise<void> {
  try {
    const archive = await readResult(client, namespace, result);
    await emptyRunFolder(dir);
    await unpackRecording(archive, dir);
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError({
      code: 'no-result',
      message: `the result of run ${result.run} cannot be brought to ${dir}: ${messageOf(error)}`,
    });
  }
}
