import { type Delivered, deliver } from '../deliver/deliver.ts';
import { ownPod } from '../deliver/own-pod.ts';
import { messageOf } from '../errors.ts';
import type { DeliverySettings, RunResult } from '../model.ts';
import { type Recorded, type RecordOptions, recordRun } from '../run/record.ts';
import { judgeRecorded, type Reported } from './judge.ts';
import type { ReportFiles } from './reports.ts';
import { pruneRuns } from './retention.ts';

export interface Accepted {
  result: RunResult;
  files: ReportFiles;
  /** API requests that the run took, clean-up included. */
  requests: number;
  /** Objects removed from the cluster. */
  removed: string[];
  /** Why something of ours may be left in the cluster. */
  leftover: string | undefined;
  /** What became of older runs, by `keepRuns`: a sentence each. */
  pruned?: string[];
  /** Where the result was sent, and where it did not arrive. */
  delivered?: Delivered[];
}

export interface AcceptOptions extends RecordOptions {
  delivery: DeliverySettings;
  env: NodeJS.ProcessEnv;
}

/** The whole of `netaccept check`: record against the live cluster, judge, report, clean up. */
export async function acceptCluster({ delivery, env, ...options }: AcceptOptions): Promise<Accepted> {
  const pod = ownPod(env);
  const recorded = await recordRun({ ...options, ...(pod === undefined ? {} : { pod }) });
  return reportWhileClosing(recorded, async () => {
    const { dir, settings } = options;
    const reported = await judgeRecorded(dir);
    // Before the clean-up has ended: who is told to end in a hurry still gets word out.
    const delivered = await deliver({ result: reported.result, dir, delivery, pod, env }, settings);
    return { ...reported, delivered, pruned: await prune(options, reported.result) };
  });
}

/** The clean-up is mostly waiting, so it goes on while the judge works; reports do not wait for it. */
export async function reportWhileClosing(
  recorded: Recorded,
  judge: () => Promise<Reported & Pick<Accepted, 'pruned' | 'delivered'>>,
): Promise<Accepted> {
  const closing = recorded.close().then(
    (removed) => ({ removed, leftover: undefined }),
    (error: unknown) => ({ removed: [], leftover: messageOf(error) }),
  );
  try {
    return { ...(await judge()), ...(await closing), requests: recorded.requests };
  } finally {
    // Also when there is no report: the process must not end in the middle of its clean-up.
    await closing;
  }
}

/** A run that judged nothing removes nothing: a week of failed nights must not push out the last one that did. */
async function prune({ settings, dir }: RecordOptions, { verdicts }: RunResult): Promise<string[]> {
  const { keepRuns } = settings.run;
  if (keepRuns === undefined || verdicts.length === 0) return [];
  return pruneRuns(dir, keepRuns, Date.now()).catch((error: unknown) => [
    `older runs were not looked for: ${messageOf(error)}`,
  ]);
}
