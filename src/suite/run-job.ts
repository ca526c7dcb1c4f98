import { messageOf, SetupError } from '../errors.ts';
import type { KubeClient } from '../kube/connect.ts';
import { createRunJob, deleteJob } from '../kube/jobs.ts';
import { type Followed, followJob } from '../remote/follow-job.ts';
import { isHeadline } from '../report/summary-headline.ts';
import { bringHome } from './bring-home.ts';
import type { Reported } from './judge.ts';

export interface RunJobOptions {
  namespace: string;
  cronJob: string;
  /** Where the run's folder is made, if `dir` does not name one. */
  results: string;
  dir?: string | undefined;
  signal: AbortSignal;
  say(line: string): void;
}

export interface JobRun extends Reported {
  job: string;
  dir: string;
  /** `Complete`, or why Kubernetes calls the Job failed. */
  end: string;
}

/**
 * Runs netaccept in the cluster, as the CronJob would, and brings the result home. Throws a SetupError where there is
 * none: it then says what the pod said. Interrupted, it ends the Job too, which cleans up after itself.
 */
export async function runJob(client: KubeClient, options: RunJobOptions): Promise<JobRun> {
  const { namespace, cronJob, signal, say } = options;
  const job = await createRunJob(client, namespace, cronJob, new Date(client.transport.now()));
  say(`job ${namespace}/${job.name}`);
  // The summary is printed from the result that comes home; the pod's own is for when none does.
  const kept: string[] = [];
  const onLine = (line: string) => {
    if (kept.length > 0 || isHeadline(line)) kept.push(line);
    else say(line);
  };
  let followed: Followed;
  try {
    followed = await followJob(client, job, { onLine, onState: say, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    await deleteJob(client, job);
    throw new SetupError({
      code: 'interrupted',
      message: `interrupted by ${signal.reason}: job ${job.name} was told to end, and cleans up after itself`,
    });
  }
  try {
    const { results, dir } = options;
    const brought = await bringHome(client, namespace, { results, dir, job: job.name });
    return { ...brought, job: job.name, end: followed.end };
  } catch (error) {
    for (const line of kept) say(line);
    throw broughtNothing(job.name, followed, error);
  }
}

function broughtNothing(job: string, { end, exitCode, said }: Followed, error: unknown): SetupError {
  const pod =
    exitCode === undefined ? 'its pod left no exit code' : `its pod ended with exit code ${exitCode}`;
  const problems =
    error instanceof SetupError ? error.problems : [{ code: 'no-result', message: messageOf(error) }];
  return new SetupError([
    {
      code: 'job-failed',
      message: `job ${job}: ${end}; ${pod}${said === undefined ? '' : `, and said: ${said}`}`,
      hint: 'kubectl describe job and kubectl logs say more',
    },
    ...problems,
  ]);
}
