import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ExitCode } from '../model.ts';
import { newestRun } from '../suite/find-run.ts';
import { reportAgain } from '../suite/report-again.ts';
import { printNote } from './print.ts';
import { addShowFlags, type ShowFlags, showResult } from './show.ts';

interface ReportFlags extends ShowFlags {
  out?: string;
}

export function addReport(program: Command, exit: (code: ExitCode) => void): void {
  const command = program
    .command('report')
    .description('make all reports of a recorded run again, here or on another machine; no cluster is needed')
    .argument('[run]', 'folder of the run (default: the newest one in results)')
    .option('--out <dir>', "folder for the reports (default: the run's own)");
  addShowFlags(command).action(async (run: string | undefined, flags: ReportFlags) => {
    const dir = resolve(run ?? (await newestRun('results')));
    const out = resolve(flags.out ?? dir);
    const { result, files } = await reportAgain(dir, out);
    await showResult(result, files, flags);
    if (flags.quiet !== true) printNote(`the reports of ${dir} are in ${out}`);
    exit(result.exitCode);
  });
}
