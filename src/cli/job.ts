import { resolve } from 'node:path';
import { connect } from '../kube/connect.ts';
import type { ExitCode } from '../model.ts';
import { legible } from '../report/legible.ts';
import { runJob } from '../suite/run-job.ts';
import type { JobFlags } from './commands/job.ts';
import { printNote } from './print.ts';
import { settingsFrom } from './settings.ts';
import { showResult } from './show.ts';
import { onInterrupt } from './signals.ts';

export async function jobRun(flags: JobFlags): Promise<ExitCode> {
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
