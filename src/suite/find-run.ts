import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, SetupError } from '../errors.ts';
import { legible } from '../report/legible.ts';
import type { RunHeader } from '../run/recording.ts';

/** The header of the run in `dir`. Throws a SetupError that says why it is none of ours. */
export async function headerOf(dir: string): Promise<RunHeader> {
  let header: Partial<RunHeader> | null;
  try {
    header = JSON.parse(await readFile(join(dir, 'run.json'), 'utf8')) as Partial<RunHeader> | null;
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = absent ? 'there is no run.json in it' : `run.json: ${messageOf(error)}`;
    throw noRun(`${dir} is not a run of netaccept: ${why}`);
  }
  const schema = header?.schema;
  if (typeof schema === 'number' && schema > 1) {
    throw noRun(
      `${dir}: run.json has schema ${schema}, and this netaccept knows 1: a newer one wrote it`,
      'take the netaccept that wrote it',
    );
  }
  if (schema !== 1 || typeof header?.run !== 'string' || !Array.isArray(header.problems)) {
    throw noRun(`${dir} is not a run of netaccept: run.json has no schema`);
  }
  return header as RunHeader;
}

/** The newest run below `results`. Run ids begin with their time, and so do the folders that are named by them. */
export async function newestRun(results: string): Promise<string> {
  const names = await readdir(results).catch(() => []);
  for (const name of names.sort().reverse()) {
    const dir = join(results, name);
    if (
      await headerOf(dir).then(
        () => true,
        () => false,
      )
    )
      return dir;
  }
  throw noRun(`there is no run in ${results}`);
}

function noRun(
  message: string,
  hint = "name a run's folder, such as results/2026-11-20T09-41-07Z-3fa9c2",
): SetupError {
  return new SetupError({ code: 'no-run', message: legible(message), hint });
}
