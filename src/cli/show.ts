import type { ExitCode, RunResult } from '../model.ts';
import { resultJson } from '../report/json.ts';
import { legible } from '../report/legible.ts';
import { summaryText } from '../report/summary.ts';
import type { Tell } from '../run/events.ts';
import type { Accepted } from '../suite/accept.ts';
import { colour, print, printNote, printProblems, width } from './print.ts';
import { progressPrinter } from './progress.ts';
import { onInterrupt } from './signals.ts';

/** Flags of every command that ends in a run's result. */
export interface ShowFlags {
  json?: boolean;
  verbose?: boolean;
}

/** Runs against the cluster with progress and signals told, and shows the result of the run in `dir`. */
export async function runAndShow(
  flags: ShowFlags,
  dir: string,
  accept: (run: { signal: AbortSignal; tell: Tell }) => Promise<Accepted>,
): Promise<ExitCode> {
  const progress = progressPrinter({ verbose: flags.verbose === true });
  const interrupt = onInterrupt((signal) =>
    progress.say(`${signal}: judging what was seen, then cleaning up`),
  );
  try {
    const accepted = await accept({ signal: interrupt.signal, tell: progress.tell });
    progress.end();
    const { result, files } = accepted;
    showResult(result, flags);
    printNote(`${accepted.requests} API requests; recording, junit.xml and summary.txt in ${dir}`);
    for (const sentence of accepted.pruned ?? []) printNote(sentence);
    for (const { to, trouble } of accepted.delivered ?? []) {
      if (trouble !== undefined) printNote(legible(`not delivered to ${to}: ${trouble}`));
      else if (flags.verbose === true) printNote(`delivered to ${to}`);
    }
    if (flags.verbose === true) {
      for (const name of accepted.removed) printNote(`removed ${name}`);
      printNote(`JUnit: ${files.junit}`);
    }
    if (accepted.leftover !== undefined) {
      printProblems([
        { code: 'clean', message: `clean-up failed: ${accepted.leftover}`, hint: 'netaccept clean' },
      ]);
    }
    return result.exitCode;
  } finally {
    interrupt.dispose();
    progress.end();
  }
}

/** On stdout: what a person or a program asked for. */
export function showResult(result: RunResult, { json }: ShowFlags): void {
  if (json === true) {
    print(resultJson(result).trimEnd());
    printProblems(result.problems);
  } else print(summaryText(result, { colour: colour(), width: width() }).trimEnd());
}
