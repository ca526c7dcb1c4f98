import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from '../model.ts';
import { resultChunks, verdictLines } from '../report/json.ts';
import { junitChunks } from '../report/junit.ts';
import { markdown } from '../report/markdown.ts';
import { metricsText } from '../report/metrics.ts';
import { summaryText } from '../report/summary.ts';
import { REPORT_NAMES, type ReportName } from '../run/report-names.ts';

/** The paths of what was written. */
export type ReportFiles = Record<ReportName, string>;

/** A report's text in pieces: a large one never stands in memory as one string. */
type Chunks = Iterable<string> | AsyncIterable<string>;

/** One line a report: a new one is a name in `REPORT_NAMES` and its chunks here. */
const REPORTS: Record<ReportName, (result: RunResult) => Chunks> = {
  'junit.xml': junitChunks,
  'summary.txt': (result) => [summaryText(result, { colour: false, width: 80 })],
  'summary.md': (result) => [markdown(result)],
  'metrics.prom': (result) => once(metricsText(result)),
  'report.json': resultChunks,
  'verdicts.jsonl': verdictLines,
};

/** Writes every report of a run into its folder, each whole or not at all. */
export async function writeReports(dir: string, result: RunResult): Promise<ReportFiles> {
  const files = REPORT_NAMES.map((name) => [name, join(dir, name)] as const);
  for (const [name, path] of files) await writeStream(path, REPORTS[name](result));
  return Object.fromEntries(files) as ReportFiles;
}

async function* once(text: Promise<string>): AsyncIterable<string> {
  yield await text;
}

async function writeStream(path: string, chunks: Chunks): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  const file = await open(draft, 'w');
  try {
    for await (const chunk of chunks) await file.write(chunk);
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
