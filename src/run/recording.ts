// A run's folder, read and written: what was expected (run.json, matrix.jsonl) beside what was seen
// (journal.jsonl). Everything a judge needs, so that a recorded run can be judged again elsewhere.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../history/outcome.ts';
import type { Case, JournalEntry, Plan, Problem, Settings, Topology } from '../model.ts';
import { readJournal } from './journal.ts';
import { isReport } from './report-names.ts';

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
  /** Present where this is a resume of another run: it holds only the cases that were run again. */
  resumes?: Resumed;
}

/** What a resume found changed since the run that it resumes. Ids of cases. */
export interface Resumed {
  run: string;
  /** Nobody can ask them any more: errored, whatever they were. */
  gone: string[];
  /** Their targets are gone and new cases took their place: no longer part of the matrix. */
  replaced: string[];
}

export interface Recording {
  header: RunHeader;
  cases: Case[];
  journal: JournalEntry[];
  /** The run to compare with. Not read with the rest: only who compares needs it, and not each judge. */
  baseline?: Outcome | undefined;
}

/** A run and every resume of it, in order. */
export interface RecordedRun extends Recording {
  resumes: Recording[];
}

/** The outcome of the run before this one, copied when this one was recorded. */
export const PREVIOUS = 'previous.jsonl';
/** What later runs need to know of this one; the last file that a finished run gets. */
export const OUTCOME = 'outcome.jsonl';
/** A folder in a run's, with a recording for each resume: `1`, `2` … */
export const RESUMES = 'resumes';

const FILES = {
  header: 'run.json',
  matrix: 'matrix.jsonl',
  journal: 'journal.jsonl',
  previous: PREVIOUS,
  outcome: OUTCOME,
} as const;

/**
 * Makes the folder, and removes what an earlier run left in it: its observations must not be taken for this
 * run's, nor its green reports for those of a run that died.
 */
export async function emptyRunFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await removeReports(dir);
  for (const name of Object.values(FILES)) await rm(join(dir, name), { force: true });
  await rm(join(dir, RESUMES), { force: true, recursive: true });
}

/** Also the parts of those that came in several files: fewer of them may come now. */
export async function removeReports(dir: string): Promise<void> {
  for (const name of await readdir(dir)) if (isReport(name)) await rm(join(dir, name), { force: true });
}

/** A folder for the next resume of the run in `dir`, made here so that no other one takes it. */
export async function nextResumeFolder(dir: string): Promise<string> {
  await mkdir(join(dir, RESUMES), { recursive: true });
  for (let next = (await resumeFolders(dir)).length + 1; ; next++) {
    const path = join(dir, RESUMES, String(next));
    const made = await mkdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (made) return path;
  }
}

/** In the order in which they were made. */
async function resumeFolders(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, RESUMES)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const numbers = names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
  return numbers.sort((a, b) => a - b).map((number) => join(dir, RESUMES, String(number)));
}

/** A file that a run writes into its folder, or the draft of one that was killed while it wrote. */
export function isOurFile(name: string): boolean {
  const whole = name.replace(/\.\d+\.tmp$/, '');
  return isReport(whole) || Object.values(FILES).some((ours) => ours === whole);
}

/** Whether this path in a run's folder is a part of the recording, its outcome and its resumes included: no report. */
export function isRecordingPath(path: string): boolean {
  const name = path.replace(new RegExp(`^${RESUMES}/[1-9][0-9]*/`), '');
  return name === OUTCOME || Object.values(FILES).some((ours) => ours === name);
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

/** The run in `dir` with its resumes. One that died before it wrote its header has nothing to say. */
export async function readRecordedRun(dir: string): Promise<RecordedRun> {
  const resumes: Recording[] = [];
  for (const folder of await resumeFolders(dir)) {
    const resume = await readRecording(folder).catch(() => undefined);
    if (resume !== undefined) resumes.push(resume);
  }
  return { ...(await readRecording(dir)), resumes };
}

export async function readRecording(dir: string): Promise<Recording> {
  const header = JSON.parse(await readFile(join(dir, FILES.header), 'utf8')) as RunHeader;
  const matrix = await readFile(join(dir, FILES.matrix), 'utf8').catch(absent);
  const cases = matrix.split('\n').filter((line) => line !== '');
  return {
    header,
    cases: cases.map((line) => JSON.parse(line) as Case),
    journal: await readJournal(journalPath(dir), header.run),
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
