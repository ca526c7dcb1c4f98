// What a CI finds at the paths that a stage declares.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { complaintsAbout } from '../unit/report/xml.ts';

/** Complaints about the JUnit files at `pattern` and about missing reports beside them; `folder` is where the job ran. */
export async function complaintsAboutResults(folder: string, pattern: string): Promise<string[]> {
  const complaints: string[] = [];
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: folder })) found.push(path);
  if (found.length === 0) complaints.push(`there is no ${pattern}`);
  for (const path of found)
    complaints.push(...(await complaintsAbout(await readFile(join(folder, path), 'utf8'))));
  for (const name of ['summary.md', 'summary.txt', 'verdicts.jsonl']) {
    const text = await readFile(join(folder, pattern, '..', name), 'utf8').catch(() => undefined);
    if (text === undefined) complaints.push(`there is no ${name}`);
  }
  return complaints;
}
