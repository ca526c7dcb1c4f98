/**
 * The reports of a run, in the order in which they are written: first what the CI reads, because a kill between
 * two files should cost the lesser one. They stand here and not with their writers, because a new run in the
 * same folder must remove them all before it begins.
 */
export const REPORT_NAMES = [
  'junit.xml',
  'summary.txt',
  'summary.md',
  'metrics.prom',
  'report.json',
  'verdicts.jsonl',
] as const;

export type ReportName = (typeof REPORT_NAMES)[number];
