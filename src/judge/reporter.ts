import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { CaseVerdict, ControlVerdict, Problem } from '../model.ts';
import type {} from './meta.ts';

/** What the acceptance modules returned, and what went wrong while they judged. */
export interface Judged {
  cases: CaseVerdict[];
  controls: ControlVerdict[];
  problems: Problem[];
}

interface SerializedError {
  message: string;
}

/**
 * Takes the verdicts out of the tests' meta. A module that could not be loaded, or an error outside any
 * test, leaves every test "passed" in Vitest's own eyes: here it becomes a problem, and the cases that
 * it should have judged stay unjudged, which is `errored`.
 */
export class VerdictReporter implements Reporter {
  readonly judged: Judged = { cases: [], controls: [], problems: [] };

  onTestCaseResult(test: TestCase): void {
    const meta = test.meta().netaccept;
    if (meta?.kind === 'case') this.judged.cases.push(meta.verdict);
    else if (meta?.kind === 'control') this.judged.controls.push(meta.verdict);
  }

  // Returns a promise so that a reporter which also writes can extend it.
  async onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): Promise<void> {
    for (const module of modules) {
      for (const error of module.errors()) this.problem(`${module.moduleId}: ${error.message}`);
      if (module.state() === 'pending' || module.state() === 'queued')
        this.problem(`${module.moduleId} never ran`);
    }
    for (const error of errors) this.problem(error.message);
  }

  private problem(message: string): void {
    this.judged.problems.push({ code: 'judge', message: `the judge itself failed: ${message}` });
  }
}
