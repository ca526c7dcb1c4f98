import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { messageOf } from '../errors.ts';
import type { ExitCode } from '../model.ts';
import { resultChunks } from '../report/json.ts';
import { summaryText } from '../report/summary.ts';
import { acceptCluster } from '../suite/accept.ts';
import { judgeRecorded } from '../suite/judge.ts';
import { runId } from '../suite/run-id.ts';
import { recordSetupFailure } from '../suite/setup-failure.ts';
import { packageVersion } from '../suite/version.ts';
import { colour, print, printChunks, printNote, printProblems, width } from './print.ts';
import { progressPrinter } from './progress.ts';
import { addClusterFlags, type ClusterFlags, nameList, settingsFrom } from './settings.ts';
import { onInterrupt } from './signals.ts';

interface CheckFlags extends ClusterFlags {
  only?: string[];
  skip?: string[];
  nodes?: string;
  out?: string;
  keep?: boolean;
  clean?: boolean;
  deep?: true;
  json?: boolean;
  verbose?: boolean;
  quiet?: boolean;
}

export function addCheck(program: Command, exit: (code: ExitCode) => void): void {
  addClusterFlags(
    program.command('check').description("accept the cluster's network: every path, every Node, on proof"),
  )
    .option(
      '--only <names>',
      'only these checks or paths (comma separated; netaccept checks lists them)',
      nameList,
    )
    .option('--skip <names>', 'all but these checks or paths', nameList)
    .option('--nodes <selector>', 'only Nodes that match this label selector')
    .option('--out <dir>', 'folder for the recording and the reports (default: results/<time>)')
    .option('--deep', 'check quality with 100 packets per pair instead of quality.packets')
    .option('--keep', 'leave the agents in the cluster: the next run starts at once')
    .option('--clean', 'remove the agents afterwards, whatever the config says')
    .option('--json', 'print the whole result as JSON on stdout; everything else goes to stderr')
    .option('-v, --verbose', 'say every step')
    .addOption(
      new Option('-q, --quiet', 'print only the headline, the findings and errors').conflicts('verbose'),
    )
    .action(async (flags: CheckFlags) => exit(await check(flags)));
}

async function check(flags: CheckFlags): Promise<ExitCode> {
  const run = runId(new Date(), randomBytes(3).toString('hex'));
  const fallbackDir = resolve(flags.out ?? `results/${run}`);
  const tool = packageVersion();
  const settings = await settingsFrom(flags, overrides(flags)).catch(async (error: unknown) => {
    // A wrong config is a result too: the CI looks for a JUnit, whatever happened.
    await recordSetupFailure(fallbackDir, { run, tool }, error)
      .then(() => judgeRecorded(fallbackDir))
      .catch((trouble: unknown) => printNote(`no report could be written: ${messageOf(trouble)}`));
    throw error;
  });
  const dir = settings.run.out === '' ? fallbackDir : settings.run.out;
  const progress = progressPrinter({ verbose: flags.verbose === true, quiet: flags.quiet === true });
  const interrupt = onInterrupt((signal) =>
    progress.say(`${signal}: judging what was seen, then cleaning up`),
  );
  try {
    const accepted = await acceptCluster({
      settings,
      dir,
      run,
      tool,
      signal: interrupt.signal,
      tell: progress.tell,
    });
    progress.end();
    const { result, files } = accepted;
    const quiet = flags.quiet === true;
    if (flags.json === true) {
      await printChunks(resultChunks(result));
      printProblems(result.problems);
    } else {
      const text = summaryText(result, {
        colour: colour(),
        width: width(),
        files: Object.keys(files),
        quiet,
      });
      print(text.trimEnd());
    }
    if (!quiet) printNote(`${accepted.requests} API requests; the run's folder is ${dir}`);
    if (flags.verbose === true) {
      for (const name of accepted.removed) printNote(`removed ${name}`);
      printNote(`JUnit: ${files['junit.xml']}`);
    }
    if (accepted.leftover !== undefined) {
      printProblems([
        { code: 'clean', message: `clean-up failed: ${accepted.leftover}`, hint: 'netaccept clean' },
      ]);
    }
    return result.exitCode;
  } finally {
    interrupt.dispose();
    progress.end();
  }
}

function overrides({ only, skip, nodes, out, keep, clean, deep }: CheckFlags) {
  // Both flags at once: cleaning up is the safer reading.
  return { only, skip, nodes, out, keep: clean === true ? false : keep, deep };
}
