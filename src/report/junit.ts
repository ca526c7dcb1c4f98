import type { RunResult } from '../model.ts';
import { inChunks } from './chunks.ts';
import { type Suite, suitesOf } from './junit-suites.ts';
import { casesOfSuite, suiteEnd, suiteStart } from './junit-writer.ts';

/** The whole JUnit document. One string: above about 500 k cases take `junitChunks`. */
export function junitXml(result: RunResult): string {
  return Array.from(junitChunks(result)).join('');
}

/**
 * The same document in pieces of about 64 Ki characters, with no more than one of them in memory. Accepted
 * by Jenkins' junit-10.xsd, with what GitLab shows (text content, unique classname + name).
 */
export function junitChunks(result: RunResult): Iterable<string> {
  return inChunks(pieces(result));
}

function* pieces(result: RunResult): Generator<string, void, undefined> {
  const suites = suitesOf(result);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n${rootStart(suites, result.seconds)}\n`;
  for (const suite of suites) {
    yield suiteStart(suite);
    yield* casesOfSuite(suite);
    yield suiteEnd();
  }
  yield '</testsuites>\n';
}

/** Our own root: the library's carries a `skipped` attribute that junit-10.xsd does not allow. */
function rootStart(suites: readonly Suite[], seconds: number): string {
  const sum = (count: (suite: Suite) => number) => suites.reduce((total, suite) => total + count(suite), 0);
  const tests = sum((suite) => suite.counts.tests);
  const failures = sum((suite) => suite.counts.failures);
  const errors = sum((suite) => suite.counts.errors);
  const time = `${(Number.isFinite(seconds) ? seconds : 0).toFixed(3)}`;
  return `<testsuites name="netaccept" tests="${tests}" failures="${failures}" errors="${errors}" time="${time}">`;
}
