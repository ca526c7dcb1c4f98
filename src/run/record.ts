import { messageOf, SetupError } from '../errors.ts';
import type { Case, OwnPod, Problem, Settings, Topology } from '../model.ts';
import type { Refit } from '../resume/refit.ts';
import type { Tell } from './events.ts';
import { recordLive } from './live.ts';
import { recordPrevious } from './previous.ts';
import { emptyRunFolder, type RunHeader, writeHeader } from './recording.ts';
import type { Session } from './session.ts';

export interface RecordOptions {
  settings: Settings;
  /** The run's folder; made if absent. */
  dir: string;
  /** Unique: it holds the cluster's lock under this name. */
  run: string;
  tool: string;
  signal: AbortSignal;
  tell: Tell;
  /** Where it runs in the cluster itself: its agents go with its Job. */
  pod?: OwnPod;
  /** Absent for a run of its own. */
  resume?: ResumeOf;
}

/** What a resume does differently: it looks whether the recorded run still fits, and runs only a part of it. */
export interface ResumeOf {
  run: string;
  /** Throws a SetupError where the Nodes are no longer those of the recorded run. */
  fits(nodes: Pick<Topology, 'nodes' | 'excluded'>): Problem[];
  /** Of the whole matrix as it is now. */
  choose(cases: readonly Case[]): Refit;
}

export interface Recorded {
  /** Releases the lock and removes our objects, unless they are to be kept. What was removed. */
  close(): Promise<string[]>;
  requests: number;
}

/**
 * Records one run against the live cluster into `dir`. Never throws for what cluster or network did: a
 * failed set-up is data, one problem in the run's header, so that every run ends in a report.
 */
export async function recordRun(options: RecordOptions): Promise<Recorded> {
  const { dir, run, tool, settings, resume } = options;
  await emptyRunFolder(dir).catch((error: unknown) => {
    throw unwritable(dir, error);
  });
  const header: RunHeader = {
    schema: 1,
    run,
    tool,
    started: new Date().toISOString(),
    cluster: '',
    version: '',
    settings,
    problems: [],
    ...(resume === undefined ? {} : { resumes: { run: resume.run, gone: [], replaced: [] } }),
  };
  // Filled in as things are made, undone in reverse: a teardown is queued before its set-up can fail.
  const undo: (() => Promise<string[]>)[] = [];
  const startedAt = performance.now();
  const session: Session = { ...options, header, undo, requests: () => 0 };
  try {
    await recordLive(session);
  } catch (error) {
    header.problems.push(...problemsOf(error, options.signal));
  }
  header.seconds = (performance.now() - startedAt) / 1000;
  if (resume === undefined) await recordPrevious(session);
  await writeHeader(dir, header).catch(async (error: unknown) => {
    // A full disk: then there is no report, but the cluster is still left as it was found.
    await undoAll(undo).catch(() => []);
    throw unwritable(dir, error);
  });
  return {
    get requests() {
      return session.requests();
    },
    close: () => undoAll(undo),
  };
}

function unwritable(dir: string, error: unknown): SetupError {
  return new SetupError({
    code: 'out',
    message: `the run's folder ${dir} cannot be written: ${messageOf(error)}`,
    hint: 'name another one: --out DIR',
  });
}

/** Every step is tried: a Namespace that will not go must not keep the lock as well. */
async function undoAll(undo: Session['undo']): Promise<string[]> {
  const removed: string[] = [];
  const errors: unknown[] = [];
  for (const step of undo.reverse()) {
    await step().then(
      (names) => removed.push(...names),
      (error: unknown) => errors.push(error),
    );
  }
  if (errors.length > 0) throw new Error(errors.map(messageOf).join('; '));
  return removed;
}

function problemsOf(error: unknown, signal: AbortSignal): readonly Problem[] {
  if (signal.aborted)
    return [{ code: 'interrupted', message: `interrupted by ${signal.reason} before probing` }];
  if (error instanceof SetupError) return error.problems;
  return [{ code: 'setup', message: `the run could not be set up: ${messageOf(error)}` }];
}
