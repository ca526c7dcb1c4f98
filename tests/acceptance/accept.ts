import { type TestContext, test } from 'vitest';
import type { CaseVerdict, PathName } from '../../src/model.ts';
import { docket } from './run-folder.ts';
import { shardOf } from './shard.ts';

/**
 * Declares one test per case of a path: it passes, fails or skips with its reason, from what was
 * recorded. `moduleUrl` says which shard of the path this module instance is.
 */
export async function acceptPath(path: PathName, moduleUrl: string): Promise<void> {
  const { cases, bench } = await docket();
  const { index, of } = shardOf(moduleUrl);
  const own = cases.filter((entry) => entry.path === path).filter((_, rank) => rank % of === index);
  if (bench === undefined || own.length === 0) {
    // Vitest fails a module without tests, which would be a verdict about nothing.
    test.skip(`${path}: ${bench === undefined ? 'the run could not be set up' : 'no case is selected'}`);
    return;
  }
  for (const entry of own) {
    test(entry.id, (context) => {
      const verdict = bench.judge(entry);
      context.task.meta.netaccept = { kind: 'case', verdict };
      pronounce(verdict, context);
    });
  }
}

/** What the reader of plain `vitest run` sees: the class and the sentence, without our own stack. */
function pronounce(verdict: CaseVerdict, context: TestContext): void {
  if (verdict.verdict === 'passed') return;
  if (verdict.verdict === 'skipped') context.skip(verdict.sentence);
  const error = new Error(`${verdict.verdict} (${verdict.reason}): ${verdict.sentence}`);
  error.name = verdict.verdict === 'failed' ? 'Failed' : 'CouldNotTell';
  error.stack = `${error.name}: ${error.message}`;
  throw error;
}
