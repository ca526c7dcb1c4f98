import { Command, CommanderError } from 'commander';
import { SetupError } from '../errors.ts';
import { packageVersion } from '../suite/version.ts';
import { addCheck } from './commands/check.ts';
import { addChecks } from './commands/checks.ts';
import { addClean } from './commands/clean.ts';
import { addDiff } from './commands/diff.ts';
import { addImages } from './commands/images.ts';
import { addInit } from './commands/init.ts';
import { addJob } from './commands/job.ts';
import { addReport } from './commands/report.ts';
import { addResults } from './commands/results.ts';
import { addResume } from './commands/resume.ts';
import { addServe } from './commands/serve.ts';
import { outliveReaders, printProblems } from './print.ts';

/** Returns the process's exit code: nothing else decides it. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  outliveReaders();
  const program = new Command('netaccept')
    .description("Acceptance tests for a Kubernetes cluster's network.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(netaccept --help shows what there is)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all passed · 1 a case failed · 2 could not tell, or the detector broke ·\n            3 misuse, or the run could not be set up',
    );
  for (const add of [
    addCheck,
    addResume,
    addReport,
    addDiff,
    addServe,
    addJob,
    addResults,
    addClean,
    addInit,
    addImages,
    addChecks,
  ]) {
    add(program, (code) => {
      exitCode = code;
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Commander has already said what was wrong; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    printProblems(
      error instanceof SetupError ? error.problems : [{ code: 'internal', message: text(error) }],
    );
    return 3;
  }
  return exitCode;
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
