import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configSchema } from '../config/schema.ts';
import { outcomeLines } from '../history/outcome.ts';
import type { ReportSettings, RunResult, Settings } from '../model.ts';
import { htmlChunks } from '../report/html/html.ts';
import { resultChunks, verdictLines } from '../report/json.ts';
import { junitFiles } from '../report/junit.ts';
import { markdown } from '../report/markdown.ts';
import { metricsText } from '../report/metrics.ts';
import { summaryText } from '../report/summary.ts';
import { tapChunks } from '../report/tap.ts';
import { OUTCOME, type RunHeader, removeReports } from '../run/recording.ts';
import { partName, REPORT_NAMES, type ReportName } from '../run/report-names.ts';
import { knownNames } from './names.ts';
import { pageSources } from './page-sources.ts';

/** The paths of what was written; of a report in several files, the first. */
export type ReportFiles = Record<ReportName, string>;

/** A report's text in pieces: a large one never stands in memory as one string. */
type Chunks = Iterable<string> | AsyncIterable<string>;

/** One file, or as many as it takes. */
type Report = Chunks | { files: Chunks[] };

/** One line a report: a new one is a name in `REPORT_NAMES` and its chunks here. */
const REPORTS: Record<ReportName, (result: RunResult, settings: ReportSettings) => Report> = {
  'junit.xml': (result, { junit }) => ({ files: junitFiles(result, junit) }),
  'summary.txt': (result) => [summaryText(result, { colour: false, width: 80, files: REPORT_NAMES })],
  'summary.md': (result) => [markdown(result)],
  'metrics.prom': (result) => once(metricsText(result)),
  'report.html': pageOf,
  'report.json': resultChunks,
  'results.tap': tapChunks,
  'verdicts.jsonl': verdictLines,
};

/**
 * Writes every report of a run into its folder, each file whole or not at all. `settings` are the run's, if it
 * came so far as to have any.
 */
export async function writeReports(
  dir: string,
  result: RunResult,
  settings: Pick<Settings, 'report'> | undefined,
): Promise<ReportFiles> {
  const chosen = settings?.report ?? configSchema(knownNames).parse({}).report;
  await removeReports(dir);
  const files = REPORT_NAMES.map((name) => [name, join(dir, name)] as const);
  for (const [name] of files) await writeReport(dir, name, result, chosen);
  return Object.fromEntries(files) as ReportFiles;
}

export async function writeReport(
  dir: string,
  name: ReportName,
  result: RunResult,
  settings: ReportSettings,
): Promise<void> {
  const report = REPORTS[name](result, settings);
  const parts = 'files' in report ? report.files : [report];
  for (const [at, chunks] of parts.entries()) await writeStream(join(dir, partName(name, at + 1)), chunks);
}

/** What later runs need to know of this one. */
export async function writeOutcome(dir: string, result: RunResult, header: RunHeader): Promise<void> {
  await writeStream(join(dir, OUTCOME), outcomeLines(result, header));
}

async function* pageOf(result: RunResult): AsyncIterable<string> {
  yield* htmlChunks(result, await pageSources());
}

async function* once(text: Promise<string>): AsyncIterable<string> {
  yield await text;
}

async function writeStream(path: string, chunks: Chunks): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, chunks);
  await rename(draft, path);
}
