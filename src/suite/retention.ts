import type { Dirent } from 'node:fs';
import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { messageOf } from '../errors.ts';
import { newestFirst, sortedBy } from '../order.ts';
import { legible } from '../report/legible.ts';
import { isOurFile, OUTCOME, RESUMES } from '../run/recording.ts';
import { headerOf } from './find-run.ts';

/**
 * No run takes so long (lockWait, readyTimeout and deadline are a day each at most): who has not written for a week is
 * dead, not busy.
 */
const DEAD_AFTER_MS = 7 * 24 * 3_600_000;

/**
 * Of the runs beside `dir`, itself included, keeps the newest `keep` and removes the others: only folders that hold a
 * recording of ours and nothing else, file by file, so that nobody's notes go with them. Links are neither followed nor
 * counted. `now` in milliseconds. Returns a sentence for each run beyond the number: removed, or why not.
 */
export async function pruneRuns(dir: string, keep: number, now: number): Promise<string[]> {
  const parent = dirname(dir);
  const entries = await readdir(parent, { withFileTypes: true });
  const others = entries.filter((entry) => entry.isDirectory() && entry.name !== basename(dir));
  // One after the other: the header of a large cluster's run is a megabyte, and there may be a year of nights.
  const runs: Run[] = [];
  for (const { name } of others) runs.push(...(await runAt(join(parent, name), now)));
  const byAge = newestFirst(
    runs,
    (run) => run.startedMs,
    (run) => run.dir,
  );
  const told: string[] = [];
  // The run just made stays whatever its clock said.
  for (const { dir: old } of byAge.slice(keep - 1)) {
    const why = await removeRun(old).catch((error: unknown) => `cannot go: ${messageOf(error)}`);
    const what = why === undefined ? 'removed' : 'not removed';
    told.push(
      legible(`${what}: ${old}, older than the newest ${keep}${why === undefined ? '' : `; it ${why}`}`),
    );
  }
  return told;
}

interface Run {
  dir: string;
  startedMs: number;
}

/** The run in this folder, if it is one of ours and nobody is still writing it. */
async function runAt(dir: string, now: number): Promise<Run[]> {
  const path = join(dir, 'run.json');
  try {
    if (!(await lstat(path)).isFile()) return [];
    const { started } = await headerOf(dir);
    const startedMs = Date.parse(String(started));
    if (Number.isNaN(startedMs)) return [];
    return (await isFinished(dir, now)) ? [{ dir, startedMs }] : [];
  } catch {
    // Not ours, or not ours to read.
    return [];
  }
}

/** Until its outcome is there, somebody may be recording or judging it. */
async function isFinished(dir: string, now: number): Promise<boolean> {
  const names = await readdir(dir);
  if (names.includes(OUTCOME)) return true;
  const written = await Promise.all(names.map(async (name) => (await lstat(join(dir, name))).mtimeMs));
  return now - Math.max(...written) > DEAD_AFTER_MS;
}

const LAST = [OUTCOME, 'run.json'];

/** Why not, if not. */
async function removeRun(dir: string): Promise<string | undefined> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  const inRun = (entry: Dirent) => relative(dir, join(entry.parentPath, entry.name));
  const foreign = entries.filter((entry) => !isOurs(entry, inRun(entry)));
  if (foreign.length > 0) return `holds what is not netaccept's: ${foreign.map(inRun).join(', ')}`;
  const files = entries.filter((entry) => entry.isFile()).map(inRun);
  // What makes it a run goes last: cut short, it is still known for one, and the next time goes on.
  for (const name of sortedBy(files, (file) => `${LAST.indexOf(file)} ${file}`))
    await unlink(join(dir, name));
  const folders = entries.filter((entry) => entry.isDirectory()).map(inRun);
  for (const name of sortedBy(folders, (folder) => folder).reverse()) await rmdir(join(dir, name));
  await rmdir(dir);
  return undefined;
}

/** A file of a run or of one of its resumes, or a folder that holds them. */
function isOurs(entry: Dirent, path: string): boolean {
  const inResumes = new RegExp(`^${RESUMES}(/[1-9][0-9]*)?$`);
  if (entry.isDirectory()) return inResumes.test(path);
  const folder = dirname(path);
  return entry.isFile() && isOurFile(entry.name) && (folder === '.' || inResumes.test(folder));
}
