import { mkdir } from 'node:fs/promises';
import { messageOf, SetupError } from '../errors.ts';
import { headerOf } from './find-run.ts';
import { judgeRecorded, type Reported } from './judge.ts';

/** Judges the recorded run in `dir` once more and writes its reports into `out`, which is made if absent. */
export async function reportAgain(dir: string, out: string): Promise<Reported> {
  await headerOf(dir);
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    const message = `the folder ${out} cannot be made: ${messageOf(error)}`;
    throw new SetupError({ code: 'out', message, hint: 'name another one: --out DIR' });
  });
  return judgeRecorded(dir, out);
}
