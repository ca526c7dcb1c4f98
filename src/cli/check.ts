import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { messageOf } from '../errors.ts';
import type { ExitCode } from '../model.ts';
import { acceptCluster } from '../suite/accept.ts';
import { runId } from '../suite/run-id.ts';
import { reportSetupFailure } from '../suite/setup-failure.ts';
import { packageVersion } from '../suite/version.ts';
import { printNote } from './print.ts';
import { addClusterFlags, type ClusterFlags, configurationFrom, nameList } from './settings.ts';
import { addShowFlags, runAndShow, type ShowFlags } from './show.ts';

interface CheckFlags extends ClusterFlags, ShowFlags {
  only?: string[];
  skip?: string[];
  nodes?: string;
  out?: string;
  keep?: boolean;
  clean?: boolean;
  deep?: true;
  keepRuns?: string;
}

export function addCheck(program: Command, exit: (code: ExitCode) => void): void {
  const command = program
    .command('check')
    .description("accept the cluster's network: every path, every Node, on proof");
  addClusterFlags(command)
    .option(
      '--only <names>',
      'only these checks or paths (comma separated; netaccept checks lists them)',
      nameList,
    )
    .option('--skip <names>', 'all but these checks or paths', nameList)
    .option('--nodes <selector>', 'only Nodes that match this label selector')
    .option('--out <dir>', 'folder for the recording and the reports (default: results/<time>)')
    .option('--keep-runs <n>', 'of the runs in that folder, keep the newest n (default: all)')
    .option('--deep', 'check quality with 100 packets per pair instead of quality.packets')
    .option('--keep', 'leave the agents in the cluster: the next run starts at once')
    .option('--clean', 'remove the agents afterwards, whatever the config says');
  addShowFlags(command).action(async (flags: CheckFlags) => exit(await check(flags)));
}

async function check(flags: CheckFlags): Promise<ExitCode> {
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
