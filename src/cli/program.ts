import { Command, CommanderError } from 'commander';
import { SetupError } from '../errors.ts';
import { packageVersion } from '../suite/version.ts';
import { addCheck } from './check.ts';
import { addChecks } from './checks.ts';
import { addClean } from './clean.ts';
import { addDiff } from './diff.ts';
import { addImages } from './images.ts';
import { addInit } from './init.ts';
import { addJob } from './job.ts';
import { printProblems } from './print.ts';
import { addReport } from './report.ts';
import { addResults } from './results.ts';
import { addResume } from './resume.ts';
import { addServe } from './serve.ts';

/** Returns the process's exit code: nothing else decides it. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
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
