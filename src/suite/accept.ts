import { messageOf } from '../errors.ts';
import type { RunResult } from '../model.ts';
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
}

/** The whole of `netaccept check`: record against the live cluster, judge, report, clean up. */
export async function acceptCluster(options: RecordOptions): Promise<Accepted> {
  return reportWhileClosing(await recordRun(options), async () => {
    const reported = await judgeRecorded(options.dir);
    return { ...reported, pruned: await prune(options, reported.result) };
  });
}

/** The clean-up is mostly waiting, so it goes on while the judge works; reports do not wait for it. */
export async function reportWhileClosing(
  recorded: Recorded,
  judge: () => Promise<Reported & Pick<Accepted, 'pruned'>>,
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
