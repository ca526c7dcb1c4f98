import { messageOf, SetupError } from '../errors.ts';
import { emptyRunFolder, writeHeader } from '../run/recording.ts';

/** Records a run that never began: its report will hold one errored case that says why. */
export async function recordSetupFailure(
  dir: string,
  { run, tool }: { run: string; tool: string },
  error: unknown,
): Promise<void> {
  const problems =
    error instanceof SetupError ? [...error.problems] : [{ code: 'setup', message: messageOf(error) }];
  const started = new Date().toISOString();
  await emptyRunFolder(dir);
  await writeHeader(dir, { schema: 1, run, tool, started, cluster: '', version: '', problems });
}
