import type { Command } from 'commander';
import type { ExitCode } from '../../model.ts';
import { addShowFlags, type ShowFlags } from './flags.ts';

export interface ReportFlags extends ShowFlags {
  out?: string;
}

export function addReport(program: Command, exit: (code: ExitCode) => void): void {
  const command = program
    .command('report')
    .description('make all reports of a recorded run again, here or on another machine; no cluster is needed')
    .argument('[run]', 'folder of the run (default: the newest one in results)')
    .option('--out <dir>', "folder for the reports (default: the run's own)");
  addShowFlags(command).action(async (run: string | undefined, flags: ReportFlags) => {
    const { report } = await import('../report.ts');
    exit(await report(run, flags));
  });
}
