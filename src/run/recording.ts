// A run's folder, read and written: what was expected (run.json, matrix.jsonl) beside what was seen
// (journal.jsonl). Everything a judge needs, so that a recorded run can be judged again elsewhere.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case, JournalEntry, Plan, Problem, Settings, Topology } from '../model.ts';
import { readJournal } from './journal.ts';

export interface RunHeader {
  schema: 1;
  run: string;
  /** netaccept's own version. */
  tool: string;
  /** ISO 8601, UTC. */
  started: string;
  /** From the first API request to the last observation. */
  seconds?: number;
  cluster: string;
  version: string;
  settings?: Settings;
  topology?: Topology;
  /** SHA-256 of the plan: the same cluster and settings give the same one. */
  planDigest?: string;
  /** Why the run could not be set up, or what went wrong beside the cases. */
  problems: Problem[];
}

export interface Recording {
  header: RunHeader;
  cases: Case[];
  journal: JournalEntry[];
}

const FILES = { header: 'run.json', matrix: 'matrix.jsonl', journal: 'journal.jsonl' } as const;

const REPORTS = [
  'junit.xml',
  'summary.txt',
  'verdicts.jsonl',
  'summary.md',
  'metrics.prom',
  'report.html',
] as const;

/**
 * Makes the folder, and removes what an earlier run left in it: its observations must not be taken for this
 * run's, nor its green reports for those of a run that died.
 */
export async function emptyRunFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const name of [...Object.values(FILES), ...REPORTS]) await rm(join(dir, name), { force: true });
}

export function journalPath(dir: string): string {
  return join(dir, FILES.journal);
}

export async function writeHeader(dir: string, header: RunHeader): Promise<void> {
  await writeWhole(join(dir, FILES.header), `${JSON.stringify(header, null, 2)}\n`);
}

export async function writeMatrix(dir: string, cases: readonly Case[]): Promise<void> {
  await writeWhole(join(dir, FILES.matrix), cases.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

export async function readRecording(dir: string): Promise<Recording> {
  const header = JSON.parse(await readFile(join(dir, FILES.header), 'utf8')) as RunHeader;
  const matrix = await readFile(join(dir, FILES.matrix), 'utf8').catch(absent);
  const cases = matrix.split('\n').filter((line) => line !== '');
  return {
    header,
    cases: cases.map((line) => JSON.parse(line) as Case),
    journal: await readJournal(journalPath(dir)),
  };
}

/** The same for the same probes to the same addresses; a run's id and its nonces are not part of it. */
export function planDigest(plan: Plan): string {
  const { batches, controls, unsent } = plan;
  return createHash('sha256').update(JSON.stringify({ batches, controls, unsent })).digest('hex');
}

/** A file is there whole or not at all: readers never see half of it, whatever kills us. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, path);
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
