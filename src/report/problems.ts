import type { Problem, RunResult } from '../model.ts';

/**
 * The result's problems; never empty when the run is not clean and no case or control says why, so that
 * no report can look green beside an exit code that is not 0.
 */
export function problemsOf(result: RunResult): Problem[] {
  if (result.problems.length > 0) return result.problems;
  if (result.verdicts.length === 0) {
    return [{ code: 'nothing-checked', message: 'no case was expected, so nothing was checked' }];
  }
  const told =
    result.verdicts.some((entry) => entry.verdict === 'failed' || entry.verdict === 'errored') ||
    result.controls.some((entry) => entry.state !== 'held');
  if (result.exitCode === 0 || told) return [];
  const unproved = !result.verdicts.some((entry) => entry.verdict === 'passed');
  const why = unproved ? 'every case was skipped: nothing was proved' : 'no case and no control says why';
  return [{ code: 'unexplained', message: `the run ended with exit code ${result.exitCode}: ${why}` }];
}
