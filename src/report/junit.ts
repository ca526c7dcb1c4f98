import type { RunResult } from '../model.ts';
import { inChunks } from './chunks.ts';
import { filesOf, type Part } from './junit-parts.ts';
import type { JunitSettings } from './junit-suite.ts';
import { suitesOf } from './junit-suites.ts';
import { casesOfPart, suiteEnd, suiteStart } from './junit-writer.ts';

/**
 * The JUnit documents of a run, one or more, each in pieces of about 64 Ki characters with no more than one of them
 * in memory: to be written in this order. Accepted by Jenkins' junit-10.xsd, with what GitLab shows
 * (text content, unique classname + name).
 */
export function junitFiles(result: RunResult, settings: JunitSettings): Iterable<string>[] {
  const files = filesOf(suitesOf(result, settings), settings.casesPerFile);
  // The run's duration stands in one file only, for readers that add them up.
  return files.map((parts, at) => inChunks(pieces(parts, at === 0 ? result.seconds : 0, settings.textLimit)));
}

function* pieces(
  parts: readonly Part[],
  seconds: number,
  textLimit: number,
): Generator<string, void, undefined> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n${rootStart(parts, seconds)}\n`;
  for (const part of parts) {
    yield suiteStart(part);
    yield* casesOfPart(part, textLimit);
    yield suiteEnd();
  }
  yield '</testsuites>\n';
}

/** Our own root: the library's carries a `skipped` attribute that junit-10.xsd does not allow. */
function rootStart(parts: readonly Part[], seconds: number): string {
  const sum = (count: (part: Part) => number) => parts.reduce((total, part) => total + count(part), 0);
  const tests = sum((part) => part.counts.tests);
  const failures = sum((part) => part.counts.failures);
  const errors = sum((part) => part.counts.errors);
  const time = `${(Number.isFinite(seconds) ? seconds : 0).toFixed(3)}`;
  return `<testsuites name="netaccept" tests="${tests}" failures="${failures}" errors="${errors}" time="${time}">`;
}
