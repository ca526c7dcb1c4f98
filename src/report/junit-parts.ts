import type { Suite } from './junit-suite.ts';

/** A stretch of a suite's testcases: a `<testsuite>` as it is written. */
export interface Part {
  suite: Suite;
  /** The suite's, and where it goes on in another file `… (part 2)`: some readers drop a suite whose name they know. */
  name: string;
  from: number;
  /** After the last one. */
  to: number;
  counts: { tests: number; failures: number; errors: number; skipped: number };
  seconds: number | undefined;
}

/** The suites cut into files of at most `casesPerFile` testcases; at least one file. */
export function filesOf(suites: readonly Suite[], casesPerFile: number): Part[][] {
  const files: Part[][] = [[]];
  let room = casesPerFile;
  for (const suite of suites) {
    for (let from = 0, number = 1; from < suite.size; number += 1) {
      if (room === 0) {
        files.push([]);
        room = casesPerFile;
      }
      const to = Math.min(suite.size, from + room);
      files.at(-1)?.push(partOf(suite, number, from, to));
      room -= to - from;
      from = to;
    }
  }
  return files;
}

function partOf(suite: Suite, number: number, from: number, to: number): Part {
  const counts = { tests: to - from, failures: 0, errors: 0, skipped: 0 };
  let seconds: number | undefined;
  for (let at = from; at < to; at += 1) {
    const verdict = suite.verdictOf(at);
    if (verdict === 'failed') counts.failures += 1;
    else if (verdict === 'errored') counts.errors += 1;
    else if (verdict === 'skipped') counts.skipped += 1;
    const took = suite.secondsOf(at);
    if (took !== undefined) seconds = (seconds ?? 0) + took;
  }
  const name = number === 1 ? suite.name : `${suite.name} (part ${number})`;
  return { suite, name, from, to, counts, seconds };
}
