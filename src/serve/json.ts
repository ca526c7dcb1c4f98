import type { Answer } from './answer.ts';
import type { ServedRun } from './run-folder.ts';

/** The list for programs: a field may be added, none changes its meaning. */
export function runsJson(runs: readonly ServedRun[]): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    text: `${JSON.stringify({ schema: 1, runs: runs.map(entryOf) }, null, 2)}\n`,
  };
}

function entryOf({ id, startedMs, files, outcome, unreadable }: ServedRun) {
  const { run, cluster, exitCode, seconds, counts } = outcome ?? {};
  return {
    id,
    run,
    state: stateOf({ outcome, unreadable }),
    started: new Date(startedMs).toISOString(),
    cluster,
    exitCode,
    seconds,
    counts,
    unreadable,
    files,
  };
}

type Ended = { outcome?: unknown; unreadable?: string | undefined };

/** `unfinished`: under way, or dead. */
export function stateOf({ outcome, unreadable }: Ended): 'finished' | 'unfinished' | 'unreadable' {
  if (outcome !== undefined) return 'finished';
  return unreadable === undefined ? 'unfinished' : 'unreadable';
}
