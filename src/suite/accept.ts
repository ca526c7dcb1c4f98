import { messageOf } from '../errors.ts';
import type { RunResult } from '../model.ts';
import { type Recorded, type RecordOptions, recordRun } from '../run/record.ts';
import { judgeRecorded, type Reported } from './judge.ts';
import type { ReportFiles } from './reports.ts';

export interface Accepted {
  result: RunResult;
  files: ReportFiles;
  /** API requests that the run took, clean-up included. */
  requests: number;
  /** Objects removed from the cluster. */
  removed: string[];
  /** Why something of ours may be left in the cluster. */
  leftover: string | undefined;
}

/** The whole of `netaccept check`: record against the live cluster, judge, report, clean up. */
export async function acceptCluster(options: RecordOptions): Promise<Accepted> {
  return reportWhileClosing(await recordRun(options), () => judgeRecorded(options.dir));
}

/** The clean-up is mostly waiting, so it goes on while the judge works; reports do not wait for it. */
export async function reportWhileClosing(
  recorded: Recorded,
  judge: () => Promise<Reported>,
): Promise<Accepted> {
  const closing = recorded.close().then(
    (removed) => ({ removed, leftover: undefined }),
    (error: unknown) => ({ removed: [], leftover: messageOf(error) }),
  );
  try {
    const reported = await judge();
    return { ...reported, ...(await closing), requests: recorded.requests };
  } finally {
    // Also when there is no report: the process must not end in the middle of its clean-up.
    await closing;
  }
}
