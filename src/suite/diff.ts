import { join } from 'node:path';
import { messageOf, SetupError } from '../errors.ts';
import { compare } from '../history/compare.ts';
import { isSameCluster, type Outcome } from '../history/outcome.ts';
import type { Problem } from '../model.ts';
import type { RunDiff } from '../report/diff.ts';
import { legible } from '../report/legible.ts';
import { readOutcome } from '../run/outcome-file.ts';
import { OUTCOME } from '../run/recording.ts';
import { headerOf } from './find-run.ts';

/**
 * What became of each case from the run in folder `before` to the one in `after`, in just this direction, like `diff`.
 * Throws a SetupError with what is wrong with either folder; runs of two clusters only with `force`.
 */
export async function diffRuns(before: string, after: string, force: boolean): Promise<RunDiff> {
  const problems: Problem[] = [];
  const [then, now] = [await outcomeIn(before, problems), await outcomeIn(after, problems)];
  if (then === undefined || now === undefined) throw new SetupError(problems);
  const notes = [...unfitNotes(before, then), ...unfitNotes(after, now)];
  if (!isSameCluster(then.nodes, now.nodes)) {
    const strangers = `${before} is of cluster "${then.cluster}", ${after} of "${now.cluster}", and they have no Node in common (by UID)`;
    if (!force) throw new SetupError(problemWith(strangers, 'compare them all the same: --force'));
    notes.push(legible(strangers));
  }
  if (Date.parse(then.started) > Date.parse(now.started)) notes.push(legible(`${before} is the later run`));
  const comparison = compare(then, now);
  return {
    exitCode: comparison.newlyBroken.length > 0 ? 1 : 0,
    before: facts(then),
    after: facts(now),
    notes,
    comparison,
  };
}

function facts({ run, started, exitCode, cluster }: Outcome): RunDiff['before'] {
  return { run, started, exitCode, cluster };
}

function unfitNotes(dir: string, { unfit }: Outcome): string[] {
  return unfit === undefined ? [] : [legible(`of ${dir}: ${unfit}`)];
}

/** undefined where it cannot be read: then `problems` says why. */
async function outcomeIn(dir: string, problems: Problem[]): Promise<Outcome | undefined> {
  try {
    await headerOf(dir);
    const outcome = await readOutcome(join(dir, OUTCOME)).catch((error: unknown) => {
      if (isAbsent(error)) throw unjudged(dir);
      throw new SetupError(problemWith(`${dir}: ${OUTCOME}: ${messageOf(error)}`));
    });
    if (outcome.cases.length > 0) return outcome;
    problems.push(problemWith(`${dir}: the run has no verdicts, because it could not be set up`));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    problems.push(...error.problems);
  }
  return undefined;
}

function unjudged(dir: string): SetupError {
  const hint = `netaccept report ${dir} judges it`;
  return new SetupError(
    problemWith(`${dir}: the run was never judged to its end: ${OUTCOME} is missing`, hint),
  );
}

function problemWith(message: string, hint?: string): Problem {
  return { code: 'diff', message: legible(message), ...(hint === undefined ? {} : { hint: legible(hint) }) };
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
