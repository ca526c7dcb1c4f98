import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, SetupError } from '../errors.ts';
import type { Problem } from '../model.ts';
import type { RunHeader } from '../run/recording.ts';

/** The header of the run in `dir`. Throws a SetupError that says why it is none of ours. */
export async function headerOf(dir: string): Promise<RunHeader> {
  const path = join(dir, 'run.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'it holds no run.json' : messageOf(error);
    throw noRun(`${dir} is no run of netaccept: ${why}`);
  });
  let header: Partial<RunHeader> | null;
  try {
    header = JSON.parse(text) as Partial<RunHeader> | null;
  } catch (error) {
    throw noRun(`${path} is not whole: ${messageOf(error)}`);
  }
  if (header?.schema !== 1 || typeof header.run !== 'string' || !Array.isArray(header.problems)) {
    const came = JSON.stringify(header?.schema ?? null);
    throw noRun(`${path} is of schema ${came}; this netaccept reads schema 1`);
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

function noRun(message: string): SetupError {
  return new SetupError({
    code: 'no-run',
    message,
    hint: 'name the folder of a run: the one that check wrote to (--out, or results/<time>)',
  } satisfies Problem);
}
