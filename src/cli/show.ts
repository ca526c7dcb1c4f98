import type { ExitCode, RunResult } from '../model.ts';
import { resultChunks } from '../report/json.ts';
import { legible } from '../report/legible.ts';
import { summaryText } from '../report/summary.ts';
import type { Tell } from '../run/events.ts';
import type { Accepted } from '../suite/accept.ts';
import type { ReportFiles } from '../suite/reports.ts';
import type { ShowFlags } from './commands/flags.ts';
import { colour, print, printChunks, printNote, printProblems, width } from './print.ts';
import { progressPrinter } from './progress.ts';
import { onInterrupt } from './signals.ts';

/** Runs against the cluster with progress and signals told, and shows the result of the run in `dir`. */
export async function runAndShow(
  flags: ShowFlags,
  dir: string,
  accept: (run: { signal: AbortSignal; tell: Tell }) => Promise<Accepted>,
): Promise<ExitCode> {
  const progress = progressPrinter({ verbose: flags.verbose === true, quiet: flags.quiet === true });
  const interrupt = onInterrupt((signal) =>
    progress.say(`${signal}: judging what was seen, then cleaning up`),
  );
  try {
    const accepted = await accept({ signal: interrupt.signal, tell: progress.tell });
    progress.end();
    const { result, files } = accepted;
    await showResult(result, files, flags);
    if (flags.quiet !== true) printNote(`${accepted.requests} API requests; the run's folder is ${dir}`);
    for (const sentence of accepted.pruned ?? []) printNote(sentence);
    for (const { to, trouble } of accepted.delivered ?? []) {
      if (trouble !== undefined) printNote(legible(`not delivered to ${to}: ${trouble}`));
      else if (flags.verbose === true) printNote(`delivered to ${to}`);
    }
    if (flags.verbose === true) {
      for (const name of accepted.removed) printNote(`removed ${name}`);
      printNote(`JUnit: ${files['junit.xml']}`);
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
export async function showResult(
  result: RunResult,
  files: ReportFiles,
  { json, quiet = false }: ShowFlags,
): Promise<void> {
  if (json === true) {
    await printChunks(resultChunks(result));
    printProblems(result.problems);
    return;
  }
  const names = Object.keys(files);
  print(summaryText(result, { colour: colour(), width: width(), files: names, quiet }).trimEnd());
}
