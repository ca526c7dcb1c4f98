/**
 * The reports of a run, in the order in which they are written: first what the CI reads, because a kill between
 * two files should cost the lesser one. They stand here and not with their writers, because a new run in the
 * same folder must remove them all before it begins.
 */
export const REPORT_NAMES = [
  'junit.xml',
  'summary.txt',
  'summary.md',
  'report.html',
  'metrics.prom',
  'report.json',
  'results.tap',
  'verdicts.jsonl',
] as const;

export type ReportName = (typeof REPORT_NAMES)[number];

/** What does not fit one file: `junit.xml`, then `junit-2.xml`, so that a CI's `junit*.xml` finds them all. */
export function partName(name: ReportName, part: number): string {
  return part === 1 ? name : name.replace(/(?=\.\w+$)/, `-${part}`);
}

/** Whether a file of a run's folder is a report or a part of one. */
export function isReport(file: string): boolean {
  const whole = file.replace(/-\d+(?=\.\w+$)/, '');
  return REPORT_NAMES.some((name) => name === whole);
}

/** Media types of what is no plain text, by the name's ending; for those who hand reports on. */
export const MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  xml: 'application/xml',
  json: 'application/json',
  jsonl: 'application/jsonl',
};
