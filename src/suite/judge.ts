import type { Judged } from '../judge/reporter.ts';
import { docketOf, resultOf } from '../judge/verdict-of-run.ts';
import { judgeWithVitest } from '../judge/vitest.ts';
import type { RunResult } from '../model.ts';
import { type Recording, readRecording } from '../run/recording.ts';
import { type ReportFiles, writeReports } from './reports.ts';

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
  const result = resultOf(docketOf(recording), judged);
  return { result, files: await writeReports(dir, result, recording.header.settings) };
}
