import type { RunResult } from '../../../src/model.ts';
import { junitFiles } from '../../../src/report/junit.ts';
import type { JunitSettings } from '../../../src/report/junit-suite.ts';

export const JUNIT: JunitSettings = { casesPerFile: 20_000, groupAbove: 100_000, textLimit: 10_000 };

/** Each file's text; the settings' defaults where none are given. */
export function junitTexts(run: RunResult, settings: Partial<JunitSettings> = {}): string[] {
  return junitFiles(run, { ...JUNIT, ...settings }).map((chunks) => Array.from(chunks).join(''));
}
