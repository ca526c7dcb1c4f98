import { progressLine, progressPlain } from '../report/progress.ts';
import type { RunEvent, Tell } from '../run/events.ts';
import { printNote, printOver } from './print.ts';

interface Bar {
  phase: string;
  done: number;
  total: number;
  failed?: number;
  errored?: number;
}

interface ProgressPrinter {
  tell: Tell;
  say(line: string): void;
  end(): void;
}

interface Loudness {
  verbose: boolean;
  /** Nothing but what `say` is told. */
  quiet?: boolean;
}

/** A bar on a terminal, redrawn at most ten times a second; plain lines, each tenth once, in a CI log. */
export function progressPrinter({ verbose, quiet = false }: Loudness): ProgressPrinter {
  const live = process.stderr.isTTY === true;
  let current = '';
  let startedAt = 0;
  let drawnAt = 0;
  let open = false;
  let tenth = -1;
  let last = '';

  function say(line: string): void {
    end();
    if (line !== last) printNote(line);
    last = line;
  }

  function end(): void {
    if (open) printOver('');
    open = false;
  }

  function bar({ phase, done, total, failed = 0, errored = 0 }: Bar): void {
    const now = performance.now();
    // The rate of this phase, not of the whole run: waiting for agents is no slow probing.
    if (phase !== current) startedAt = now;
    current = phase;
    const perSecond = (1000 * done) / Math.max(1, now - startedAt);
    const state = { phase, done, total, perSecond, failed, errored };
    if (live) {
      if (now - drawnAt < 100 && done < total) return;
      drawnAt = now;
      open = true;
      printOver(progressLine(state, Math.min(process.stderr.columns ?? 80, 100)));
      return;
    }
    const reached = total === 0 ? 10 : Math.floor((10 * done) / total);
    if (reached === tenth) return;
    tenth = reached;
    say(progressPlain(state));
  }

  function tell(event: RunEvent): void {
    if (quiet) return;
    if (event.phase === 'connected') say(`cluster ${event.cluster}, Kubernetes ${event.version}`);
    else if (event.phase === 'waiting' || event.phase === 'warning') say(event.message);
    else if (event.phase === 'agents') {
      if (live) bar({ phase: 'agents ready', done: event.ready, total: event.wanted });
      else say(`agents ready: ${event.ready} of ${event.wanted}`);
    } else if (event.phase === 'probing') bar({ ...event, phase: 'probed' });
    else if (verbose) say(event.message);
  }

  return { tell, say, end };
}
