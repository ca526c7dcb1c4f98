import type { Judged } from '../judge/reporter.ts';
import { docketOf, resultOf } from '../judge/verdict-of-run.ts';
import { judgeWithVitest } from '../judge/vitest.ts';
import type { RunResult } from '../model.ts';
import { readBaseline } from '../run/outcome-file.ts';
import { type Recording, readRecording } from '../run/recording.ts';
import { type ReportFiles, writeOutcome, writeReports } from './reports.ts';

/** Judges a recorded run and writes its reports beside the recording. */
export async function judgeRecorded(dir: string): Promise<Reported> {
  const recording = await readRecording(dir);
  return report(dir, recording, await judgeWithVitest(dir, recording.cases));
}

export interface Reported {
  result: RunResult;
  files: ReportFiles;
}

/** Writes the reports of a recorded run from what its judges returned. */
export async function reportJudged(dir: string, judged: Judged): Promise<Reported> {
  return report(dir, await readRecording(dir), judged);
}

async function report(dir: string, recording: Recording, judged: Judged): Promise<Reported> {
  const baseline = await readBaseline(dir);
  const result = resultOf(docketOf({ ...recording, baseline }), judged);
  const files = await writeReports(dir, result);
  // Last: where it is, the run is finished.
  await writeOutcome(dir, result, recording.header);
  return { result, files };
}
