// What one run of the suite came to: pure.
import type { CaseVerdict, RunResult } from '../../src/model.ts';
import { type Counts, tally } from '../../src/report/counts.ts';

/** How a run differs from its neighbours. */
export interface Turn {
  /** From 1. */
  number: number;
  /** Agents of the run before are there. */
  kept: boolean;
  /** It leaves its own for the next run. */
  keep: boolean;
  burners: number;
}

export interface SoakRun extends Turn {
  /** Its folder. */
  dir: string;
  counts: Counts;
  controls: number;
  /** Controls that were answered, or of which nobody knows. */
  unheld: number;
  problems: number;
  /** Of all cases' exchanges with pauses between attempts: how near the time-outs are. */
  slowestMs: number;
  seconds: number;
  /** Processes that want a CPU, averaged over a minute, before and after: of everybody on this machine. */
  load: [number, number];
  /** Sentences for whatever was not wholly green; empty if all was. */
  trouble: string[];
}

/** Half of the runs beside burners; half keep their agents; all four meet agents of their own and kept ones. */
export function turnOf(number: number, burners: number): Turn {
  const keeps = (one: number) => one > 0 && (one % 4 === 3 || one % 4 === 0);
  return {
    number,
    kept: keeps(number - 1),
    keep: keeps(number),
    burners: number % 2 === 0 ? burners : 0,
  };
}

type Seen = Pick<SoakRun, 'counts' | 'controls' | 'unheld' | 'problems' | 'slowestMs' | 'trouble'>;

/** `result` is absent where the run left no report. */
export function seenIn(result: RunResult | undefined, exitCode: number | undefined): Seen {
  const { verdicts = [], controls = [], problems = [] } = result ?? {};
  const unheld = controls.filter(({ state }) => state !== 'held');
  const sentences = [
    ...problems.map(({ code, message }) => `problem ${code}: ${message}`),
    ...unheld.map(({ control, state, sentence }) => `control ${state}: ${control.id}: ${sentence}`),
    ...verdicts.filter(isTrouble).map(troubleOf),
    ...(verdicts.some(({ verdict }) => verdict === 'passed') ? [] : ['no case passed']),
    ...(exitCode === 0 ? [] : [`exit code ${exitCode ?? 'none: a signal ended it'}`]),
  ];
  return {
    counts: tally(verdicts),
    controls: controls.length,
    unheld: unheld.length,
    problems: problems.length,
    slowestMs: verdicts.reduce((most, { tookMs = 0 }) => Math.max(most, tookMs), 0),
    trouble: sentences,
  };
}

function isTrouble({ verdict, flaky }: CaseVerdict): boolean {
  return verdict === 'failed' || verdict === 'errored' || flaky;
}

/** Everything that was seen of it: such a run may not come again. */
function troubleOf({ case: entry, verdict, flaky, sentence, attempts, tookMs }: CaseVerdict): string {
  const tried = attempts.map((attempt) => `    attempt ${JSON.stringify(attempt)}`);
  const took = tookMs === undefined ? '' : `, ${Math.round(tookMs)} ms`;
  return [`${flaky ? 'flaky' : verdict}: ${entry.id}${took}: ${sentence}`, ...tried].join('\n');
}
