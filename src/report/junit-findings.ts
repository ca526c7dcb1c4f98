import type { Finding } from '../model.ts';
import { type Suite, type SuiteOptions, suite } from './junit-suite.ts';
import { legible } from './legible.ts';

/**
 * The findings, before all else. CI systems open nothing but what failed, so a finding fails (or errs, where its
 * cases could not be judged: a run in which nothing failed must not count a failure). One that explains a single case
 * has no testcase here but is told in that case: it would count the same thing twice. So the figures of a
 * run grow by one per fault, not by one per case. A run without findings has no such suite.
 */
export function findingsSuite(options: SuiteOptions): Suite[] {
  const { verdicts, diagnosis } = options.result;
  const items = diagnosis.findings.filter(({ cases }) => cases.length > 1);
  if (items.length === 0) return [];
  const failed = new Set(
    verdicts.filter((entry) => entry.verdict === 'failed').map((entry) => entry.case.id),
  );
  return [
    suite('netaccept.findings', options, {
      items,
      verdictOf: ({ cases }) => (cases.some((id) => failed.has(id)) ? 'failed' : 'errored'),
      caseOf: (finding) => ({
        name: legible(finding.id) || finding.kind,
        type: finding.kind,
        message: legible(finding.title) || finding.kind,
        text: [
          ...findingLines(finding),
          `its ${finding.cases.length} cases are testcases of their own as well`,
        ].join('\n'),
      }),
    }),
  ];
}

/** What there is to say of a finding: evidence, causes, what to do next; a fact a line. */
export function findingLines(finding: Finding): string[] {
  const { title, cases, judged, contradicting, confidence, causes, next } = finding;
  return [
    `finding: ${legible(title)}`,
    `${cases.length} of ${judged} cases in its scope; ${contradicting} against it; confidence ${confidence}`,
    ...causes.map((cause) => `likely: ${legible(cause)}`),
    ...next.map((command) => `next: ${legible(command)}`),
  ];
}
