import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { ExitCode } from '../model.ts';
import { newestRun } from '../suite/find-run.ts';
import { resumeRun } from '../suite/resume.ts';
import { runId } from '../suite/run-id.ts';
import { packageVersion } from '../suite/version.ts';
import type { ResumeFlags } from './commands/resume.ts';
import { runAndShow } from './show.ts';

export async function resume(given: string | undefined, flags: ResumeFlags): Promise<ExitCode> {
  const dir = resolve(given ?? (await newestRun('results')));
  const { kubeconfig, context, keep, clean, flaky = false, force = false } = flags;
  return runAndShow(flags, dir, ({ signal, tell }) =>
    resumeRun({
      dir,
      flaky,
      force,
      access: {
        kubeconfig: kubeconfig === undefined ? undefined : resolve(kubeconfig),
        context,
        keep: clean === true ? false : keep,
      },
      run: runId(new Date(), randomBytes(3).toString('hex')),
      tool: packageVersion(),
      signal,
      tell,
    }),
  );
}
