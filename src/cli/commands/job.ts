import type { Command } from 'commander';
import type { ExitCode } from '../../model.ts';
import { addClusterFlags, addShowFlags, type ClusterFlags, type ShowFlags } from './flags.ts';

export interface JobFlags extends ClusterFlags, ShowFlags {
  cronjob: string;
  out?: string;
}

export function addJob(program: Command, exit: (code: ExitCode) => void): void {
  const job = program.command('job').description('run in the cluster itself, by its CronJob');
  const command = job
    .command('run')
    .description(
      "start a Job from the CronJob, follow it, bring its results home and end with the run's code",
    );
  addClusterFlags(command)
    .option('--cronjob <name>', 'the CronJob, in --namespace', 'netaccept')
    .option('--out <dir>', 'folder for the recording and the reports (default: results/<run>)')
    .addHelpText(
      'after',
      "\nExit codes: the run's own, 0 to 2 · 3 the Job could not be made, or no result came of it",
    );
  addShowFlags(command).action(async (flags: JobFlags) => {
    const { jobRun } = await import('../job.ts');
    exit(await jobRun(flags));
  });
}
