// `npm run bench:reports [-- CASES …]`: what each report of a large run costs. Each is written by a process of its own,
// because the peak of a process's memory never goes down: what it grew by, above the verdicts, is the report's.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { largeResult } from '../fixtures/runs/large.ts';
import { settings } from '../fixtures/topologies/dual-stack.ts';
import { REPORT_NAMES, type ReportName } from '../src/run/report-names.ts';
import { writeReport } from '../src/suite/reports.ts';

const SIZES = [240_000, 2_000_000];
const DEFAULTS = settings().report;
/** Each report as it is by default; JUnit also with a testcase for each case. */
const ROWS: readonly (readonly [name: ReportName, label: string, groupAbove: number])[] = [
  ...REPORT_NAMES.map((name) => [name, name, DEFAULTS.junit.groupAbove] as const),
  ['junit.xml', 'junit.xml whole', 0],
];
const SELF = fileURLToPath(import.meta.url);

interface Cost {
  files: number;
  megabytes: number;
  seconds: number;
  /** MB of RSS, with the verdicts alone. */
  before: number;
  peak: number;
}

async function costOf(name: ReportName, cases: number, groupAbove: number): Promise<Cost> {
  const result = largeResult(cases);
  const dir = await mkdtemp(join(tmpdir(), 'bench-reports-'));
  try {
    const before = process.memoryUsage.rss() / 1e6;
    const start = performance.now();
    await writeReport(dir, name, result, { junit: { ...DEFAULTS.junit, groupAbove } });
    const seconds = (performance.now() - start) / 1000;
    const sizes = await Promise.all(
      (await readdir(dir)).map(async (file) => (await stat(join(dir, file))).size),
    );
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
    return { files: sizes.length, megabytes, seconds, before, peak: process.resourceUsage().maxRSS / 1e3 };
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function table(cases: number): Promise<void> {
  process.stdout.write(`${cases} cases\n`);
  for (const [name, label, groupAbove] of ROWS) {
    const flags = ['--max-old-space-size=8192', SELF, '--one', name, String(cases), String(groupAbove)];
    const { stdout } = await execa(process.execPath, flags);
    const { files, megabytes, seconds, before, peak } = JSON.parse(stdout) as Cost;
    const figures = [`${files} files`, `${megabytes.toFixed(1)} MB`, `${seconds.toFixed(1)} s`];
    const memory = `RSS ${before.toFixed(0)} → ${peak.toFixed(0)} MB`;
    process.stdout.write(
      `  ${label.padEnd(16)} ${figures.map((text) => text.padStart(11)).join(' ')}   ${memory}\n`,
    );
  }
}

const [first, name, cases, groupAbove] = process.argv.slice(2);
if (first === '--one') {
  process.stdout.write(JSON.stringify(await costOf(name as ReportName, Number(cases), Number(groupAbove))));
} else {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : SIZES;
  for (const size of sizes) await table(size);
}
