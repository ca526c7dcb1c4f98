import type { RunResult } from '../model.ts';
import { sortedBy } from '../order.ts';
import { groupVerdicts } from './counts.ts';
import { caseSuite } from './junit-cases.ts';
import { findingsSuite } from './junit-findings.ts';
import { controlSuite, runSuite } from './junit-run.ts';
import type { JunitSettings, Suite, SuiteOptions } from './junit-suite.ts';

/** Findings first; then problems, controls and each path × check × family, bytewise by name. None is empty. */
export function suitesOf(result: RunResult, settings: JunitSettings): Suite[] {
  const { findings } = result.diagnosis;
  const findingOf = new Map(findings.flatMap((finding) => finding.cases.map((id) => [id, finding] as const)));
  const options: SuiteOptions = { result, settings, findingOf };
  const groups = [...groupVerdicts(result.verdicts)].map(([name, members]) =>
    caseSuite(name, members, options),
  );
  const rest = [...groups, ...controlSuite(options), ...runSuite(options)];
  return [...findingsSuite(options), ...sortedBy(rest, (suite) => suite.name)];
}
