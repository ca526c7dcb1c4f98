import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutcomeHead } from '../history/outcome.ts';
import type { VerdictTotals } from '../history/totals.ts';
import type { ExitCode } from '../model.ts';
import { sortedBy } from '../order.ts';
import { readOutcomeHead } from '../run/outcome-file.ts';
import { OUTCOME } from '../run/recording.ts';
import { isReport } from '../run/report-names.ts';

/** When a folder's entries last changed, milliseconds, and which folder it was. */
export interface FolderStamp {
  changedMs: number;
  inode: number;
}

export interface ServedRun {
  /** The folder's name. */
  id: string;
  startedMs: number;
  /** Reports and their parts: the files that may be asked for, bytewise. */
  files: readonly string[];
  /** Absent while a run is under way, or where it died, or what it left cannot be read. */
  outcome?: RunOutcome;
  /** Why not, where there is an outcome that cannot be read. */
  unreadable?: string;
}

/** A line of a run's end, whatever its size. */
interface RunOutcome {
  run: string;
  /** ISO 8601, UTC. */
  started: string;
  cluster: string;
  exitCode: ExitCode;
  /** Absent where an earlier netaccept wrote it. */
  seconds?: number | undefined;
  counts?: VerdictTotals | undefined;
}

/** The run in this folder; undefined where it holds none, or is not ours to read. */
export async function readRun(
  results: string,
  id: string,
  { changedMs }: FolderStamp,
): Promise<ServedRun | undefined> {
  const entries = await readdir(join(results, id), { withFileTypes: true }).catch(() => []);
  // Neither links nor pipes: those could lead anywhere, or never end.
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (!(files.includes(OUTCOME) || files.includes('run.json'))) return undefined;
  const run = {
    id,
    startedMs: timeIn(id) ?? changedMs,
    files: sortedBy(files.filter(isReport), (name) => name),
  };
  if (!files.includes(OUTCOME)) return run;
  try {
    const outcome = shortly(await readOutcomeHead(join(results, id, OUTCOME)));
    return { ...run, startedMs: Date.parse(outcome.started), outcome };
  } catch (error) {
    return { ...run, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** Not the UIDs of 5 000 Nodes, for each night of a year. */
function shortly({ run, started, cluster, exitCode, seconds, counts }: OutcomeHead): RunOutcome {
  // Whoever read it took no other exit code.
  return { run, started, cluster, exitCode: exitCode as ExitCode, seconds, counts };
}

/** `2026-11-20T09-41-07Z-3fa9c2`: a run that has written no end yet is told by its folder's name. */
function timeIn(id: string): number | undefined {
  const found = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)Z/.exec(id);
  if (found === null) return undefined;
  const [, date, hours, minutes, seconds] = found;
  const time = Date.parse(`${date}${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(time) ? undefined : time;
}
