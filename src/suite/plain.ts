import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { loadSettings } from '../config/load.ts';
import { recordRun } from '../run/record.ts';
import { knownNames } from './names.ts';
import { runId } from './run-id.ts';
import { recordSetupFailure } from './setup-failure.ts';
import { packageVersion } from './version.ts';

/**
 * Records a run for plain `vitest run`. Never throws: a globalSetup that throws leaves no test to say
 * why. A failed set-up is a recorded run with a problem, which its acceptance module reports.
 */
export async function recordForVitest(): Promise<{ dir: string; close: () => Promise<void> }> {
  const run = runId(new Date(), randomBytes(3).toString('hex'));
  const fallback = resolve('results', run);
  const tool = packageVersion();
  try {
    const { settings } = await loadSettings({
      env: process.env,
      flags: {},
      version: tool,
      knownNames,
      home: homedir(),
      cwd: process.cwd(),
    });
    const dir = settings.run.out === '' ? fallback : settings.run.out;
    const signal = new AbortController().signal;
    const recorded = await recordRun({ settings, dir, run, tool, signal, tell: () => {} });
    return { dir, close: () => recorded.close().then(() => {}) };
  } catch (error) {
    await recordSetupFailure(fallback, { run, tool }, error);
    return { dir: fallback, close: async () => {} };
  }
}
