import { resolve } from 'node:path';
import type { Command } from 'commander';
import { connect } from '../kube/connect.ts';
import type { ExitCode } from '../model.ts';
import { legible } from '../report/legible.ts';
import { runJob } from '../suite/run-job.ts';
import { printNote } from './print.ts';
import { addClusterFlags, type ClusterFlags, settingsFrom } from './settings.ts';
import { addShowFlags, type ShowFlags, showResult } from './show.ts';
import { onInterrupt } from './signals.ts';

interface JobFlags extends ClusterFlags, ShowFlags {
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
  addShowFlags(command).action(async (flags: JobFlags) => exit(await run(flags)));
}

async function run(flags: JobFlags): Promise<ExitCode> {
  const settings = await settingsFrom(flags);
  const say = (line: string) => printNote(legible(line));
  const interrupt = onInterrupt((signal) => say(`${signal}: ending the Job`));
  try {
    const client = await connect(settings, interrupt.signal);
    const { result, files, dir, job, end } = await runJob(client, {
      namespace: settings.namespace,
      cronJob: flags.cronjob,
      results: resolve('results'),
      dir: flags.out === undefined ? undefined : resolve(flags.out),
      signal: interrupt.signal,
      say,
    });
    await showResult(result, files, flags);
    if (flags.quiet !== true) say(`job ${job}: ${end}; the run's folder is ${dir}`);
    return result.exitCode;
  } finally {
    interrupt.dispose();
  }
}
