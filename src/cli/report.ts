import { resolve } from 'node:path';
import type { ExitCode } from '../model.ts';
import { newestRun } from '../suite/find-run.ts';
import { reportAgain } from '../suite/report-again.ts';
import type { ReportFlags } from './commands/report.ts';
import { printNote } from './print.ts';
import { showResult } from './show.ts';

export async function report(run: string | undefined, flags: ReportFlags): Promise<ExitCode> {
  const dir = resolve(run ?? (await newestRun('results')));
  const out = resolve(flags.out ?? dir);
  const { result, files } = await reportAgain(dir, out);
  await showResult(result, files, flags);
  if (flags.quiet !== true) printNote(`the reports of ${dir} are in ${out}`);
  return result.exitCode;
}
