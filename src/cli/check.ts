import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { messageOf } from '../errors.ts';
import type { ExitCode } from '../model.ts';
import { acceptCluster } from '../suite/accept.ts';
import { runId } from '../suite/run-id.ts';
import { reportSetupFailure } from '../suite/setup-failure.ts';
import { packageVersion } from '../suite/version.ts';
import type { CheckFlags } from './commands/check.ts';
import { printNote } from './print.ts';
import { configurationFrom } from './settings.ts';
import { runAndShow } from './show.ts';

export async function check(flags: CheckFlags): Promise<ExitCode> {
  const run = runId(new Date(), randomBytes(3).toString('hex'));
  const fallbackDir = resolve(flags.out ?? `results/${run}`);
  const tool = packageVersion();
  const { env } = process;
  const { settings, delivery } = await configurationFrom(flags, overrides(flags)).catch(
    async (error: unknown) => {
      // A wrong config is a result too: the CI looks for a JUnit, whatever happened.
      await reportSetupFailure(fallbackDir, { run, tool, env }, error).catch((trouble: unknown) =>
        printNote(`no report could be written: ${messageOf(trouble)}`),
      );
      throw error;
    },
  );
  const dir = settings.run.out === '' ? fallbackDir : settings.run.out;
  return runAndShow(flags, dir, ({ signal, tell }) =>
    acceptCluster({ settings, delivery, env, dir, run, tool, signal, tell }),
  );
}

function overrides({ only, skip, nodes, out, keep, clean, deep, keepRuns }: CheckFlags) {
  // Both flags at once: cleaning up is the safer reading.
  return { only, skip, nodes, out, keep: clean === true ? false : keep, deep, keepRuns };
}
