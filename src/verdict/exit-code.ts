import type { ExitCode, RunResult } from '../model.ts';

/** The verdict law's exit code. Exhaustive by order: the first line that applies decides. */
export function exitCodeOf(
  result: Pick<RunResult, 'verdicts' | 'controls' | 'problems'> & { interrupted?: boolean },
): ExitCode {
  const { verdicts, controls, problems } = result;
  if (result.interrupted === true) return 2;
  if (verdicts.length === 0) return 3;
  if (controls.some((control) => control.state === 'broken')) return 2;
  if (verdicts.some((entry) => entry.verdict === 'failed')) return 1;
  if (verdicts.some((entry) => entry.verdict === 'errored')) return 2;
  if (controls.some((control) => control.state === 'unobserved')) return 2;
  if (problems.length > 0) return 2;
  return verdicts.some((entry) => entry.verdict === 'passed') ? 0 : 2;
}
