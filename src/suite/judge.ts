import { type Docket, docketOf } from '../judge/docket.ts';
import type { Judged } from '../judge/reporter.ts';
import { resultOf } from '../judge/verdict-of-run.ts';
import { judgeWithVitest } from '../judge/vitest.ts';
import type { RunResult } from '../model.ts';
import { readBaseline } from '../run/outcome-file.ts';
import { readRecordedRun } from '../run/recording.ts';
import { type ReportFiles, writeOutcome, writeReports } from './reports.ts';

export interface Reported {
  result: RunResult;
  files: ReportFiles;
}

/** Judges a recorded run with its resumes, and writes its reports beside the recording, or into `out`. */
export async function judgeRecorded(dir: string, out = dir): Promise<Reported> {
  const docket = docketOf(await readRecordedRun(dir));
  return report({ dir, out }, docket, await judgeWithVitest(dir, docket.cases));
}

/** Writes the reports of a recorded run from what its judges returned. */
export async function reportJudged(dir: string, judged: Judged): Promise<Reported> {
  return report({ dir, out: dir }, docketOf(await readRecordedRun(dir)), judged);
}

async function report(
  { dir, out }: { dir: string; out: string },
  docket: Docket,
  judged: Judged,
): Promise<Reported> {
  const baseline = await readBaseline(dir);
  const { recording } = docket;
  const result = resultOf({ ...docket, recording: { ...recording, baseline } }, judged);
  const files = await writeReports(out, result, recording.header.settings);
  // Last: where it is, the run is finished.
  await writeOutcome(out, result, recording.header);
  return { result, files };
}
