import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from '../model.ts';
import { htmlChunks } from '../report/html/html.ts';
import { junitChunks } from '../report/junit.ts';
import { markdown } from '../report/markdown.ts';
import { metricsText } from '../report/metrics.ts';
import { summaryText } from '../report/summary.ts';
import { writeWhole } from '../run/recording.ts';
import { pageSources } from './page-sources.ts';

export interface ReportFiles {
  junit: string;
  summary: string;
  verdicts: string;
  markdown: string;
  metrics: string;
  html: string;
}

/** Writes every report of a run into its folder, each whole or not at all. */
export async function writeReports(dir: string, result: RunResult): Promise<ReportFiles> {
  const files = {
    junit: join(dir, 'junit.xml'),
    summary: join(dir, 'summary.txt'),
    verdicts: join(dir, 'verdicts.jsonl'),
    markdown: join(dir, 'summary.md'),
    metrics: join(dir, 'metrics.prom'),
    html: join(dir, 'report.html'),
  };
  // First what the CI reads: a kill between two files should cost the lesser one.
  await writeStream(files.junit, junitChunks(result));
  await writeWhole(files.summary, summaryText(result, { colour: false, width: 80 }));
  await writeWhole(files.markdown, markdown(result));
  await writeWhole(files.metrics, await metricsText(result));
  await writeStream(files.verdicts, jsonLines(result));
  await writeStream(files.html, htmlChunks(result, await pageSources()));
  return files;
}

function* jsonLines(result: RunResult): Iterable<string> {
  for (const verdict of result.verdicts) yield `${JSON.stringify(verdict)}\n`;
}

/** A large JUnit never stands in memory as one string. */
async function writeStream(path: string, chunks: Iterable<string>): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  const file = await open(draft, 'w');
  try {
    for (const chunk of chunks) await file.write(chunk);
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
