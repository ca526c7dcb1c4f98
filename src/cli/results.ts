import { resolve } from 'node:path';
import type { Command } from 'commander';
import { SetupError } from '../errors.ts';
import { connect } from '../kube/connect.ts';
import { listResults } from '../kube/result-maps.ts';
import { legible } from '../report/legible.ts';
import { bringHome } from '../suite/bring-home.ts';
import { print, printNote } from './print.ts';
import { addClusterFlags, type ClusterFlags, settingsFrom } from './settings.ts';
import { type ShowFlags, showResult } from './show.ts';

interface ResultsFlags extends ClusterFlags, Pick<ShowFlags, 'json'> {
  last?: true;
  list?: true;
  out?: string;
}

export function addResults(program: Command): void {
  addClusterFlags(
    program.command('results').description('bring results home that runs in the cluster left as ConfigMaps'),
  )
    .option('--last', 'the newest one, with all its reports')
    .option('--list', 'say which there are, the newest first')
    .option('--out <dir>', 'folder for the recording and the reports (default: results/<run>)')
    .option('--json', 'print the whole result as JSON on stdout; everything else goes to stderr')
    .addHelpText('after', '\nExit codes: 0 it is there, whatever it says · 3 there is none, or misuse')
    .action(async (flags: ResultsFlags) => results(flags));
}

async function results(flags: ResultsFlags): Promise<void> {
  if ((flags.last === true) === (flags.list === true)) {
    throw new SetupError({ code: 'usage', message: 'netaccept results takes --last or --list, one of them' });
  }
  const settings = await settingsFrom(flags);
  const client = await connect(settings);
  if (flags.list === true) {
    const found = await listResults(client, settings.namespace);
    for (const { run, job, verdict } of found) print(legible([run, job, verdict].filter(Boolean).join('  ')));
    if (found.length === 0) printNote(`no result in namespace ${settings.namespace}`);
    return;
  }
  const out = flags.out === undefined ? undefined : resolve(flags.out);
  const { result, dir } = await bringHome(client, settings.namespace, {
    results: resolve('results'),
    dir: out,
  });
  showResult(result, flags);
  printNote(`recording, junit.xml and summary.txt in ${dir}`);
}
