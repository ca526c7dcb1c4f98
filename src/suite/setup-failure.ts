import { deliverSection } from '../config/sections/deliver.ts';
import { deliver } from '../deliver/deliver.ts';
import { messageOf, SetupError } from '../errors.ts';
import { emptyRunFolder, writeHeader } from '../run/recording.ts';
import { judgeRecorded } from './judge.ts';

/** The same, with reports, and told where a pod tells it: the settings could not be read, so nobody knows where else. */
export async function reportSetupFailure(
  dir: string,
  { env, ...about }: { run: string; tool: string; env: NodeJS.ProcessEnv },
  error: unknown,
): Promise<void> {
  await recordSetupFailure(dir, about, error);
  const { result } = await judgeRecorded(dir);
  await deliver({
    result,
    dir,
    delivery: deliverSection.parse({}),
    env: { ...env, NETACCEPT_WEBHOOK_URL: '' },
  });
}

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
