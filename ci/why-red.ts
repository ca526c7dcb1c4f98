/** Lines at most; Vitest's list of failed tests begins with such a heading. */
const TOLD_LINES = 250;
const HEADING = /Failed (Suites|Tests)|Unhandled Errors?/;

/** The end of what a red step has said: from its list of failed tests on, if it is Vitest that spoke. */
export function whyIn(output: string): string {
  const lines = output.split('\n');
  const from = lines.findIndex((line) => line.includes('⎯⎯') && HEADING.test(line));
  return (from === -1 ? lines.slice(-TOLD_LINES) : lines.slice(from, from + TOLD_LINES)).join('\n');
}
