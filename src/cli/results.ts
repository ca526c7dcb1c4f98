import { resolve } from 'node:path';
import { SetupError } from '../errors.ts';
import { connect } from '../kube/connect.ts';
import { listResults } from '../kube/result-maps.ts';
import type { ExitCode } from '../model.ts';
import { legible } from '../report/legible.ts';
import { bringHome } from '../suite/bring-home.ts';
import type { ResultsFlags } from './commands/results.ts';
import { print, printNote } from './print.ts';
import { settingsFrom } from './settings.ts';
import { showResult } from './show.ts';

export async function results(flags: ResultsFlags): Promise<ExitCode> {
  if ((flags.last === true) === (flags.list === true)) {
    throw new SetupError({ code: 'usage', message: 'netaccept results takes --last or --list, one of them' });
  }
  const settings = await settingsFrom(flags);
  const client = await connect(settings);
  if (flags.list === true) {
    const found = await listResults(client, settings.namespace);
    for (const { run, job, verdict } of found) print(legible([run, job, verdict].filter(Boolean).join('  ')));
    if (found.length === 0) printNote(`no result in namespace ${settings.namespace}`);
    return 0;
  }
  const out = flags.out === undefined ? undefined : resolve(flags.out);
  const { result, files, dir } = await bringHome(client, settings.namespace, {
    results: resolve('results'),
    dir: out,
  });
  await showResult(result, files, flags);
  if (flags.quiet !== true) printNote(`the run's folder is ${dir}`);
  return result.exitCode;
}
