// The only file that knows junit-report-builder 5.1.2 and where it falls short of what we need: no reason
// on <skipped>, times in exponents, no hostname, and a second `]]>` in one text ends its CDATA for good.
import library, { type Builder, type TestCase } from 'junit-report-builder';
import type { Verdict } from '../model.ts';
import type { Part } from './junit-parts.ts';
import type { SuiteCase } from './junit-suite.ts';
import { cut, legible } from './legible.ts';

const END = '</testsuite>';
// Its types say `export default`; at run time the module itself is the builder.
const builder = library as unknown as Builder;

/** `<testsuite …>` with its properties, as far as where its cases begin. */
export function suiteStart({ suite, name, counts, seconds }: Part): string {
  const { properties, result } = suite;
  const node = builder.newBuilder().testSuite().name(name);
  for (const [key, value] of properties) node.property(key, value);
  const element = node.build();
  // The library counts its own children, and these are written one by one without it.
  for (const [key, count] of Object.entries(counts)) element.att(key, String(count));
  if (seconds !== undefined) element.att('time', fixed(seconds));
  const started = new Date(result.started);
  if (!Number.isNaN(started.getTime())) element.att('timestamp', started.toISOString());
  if (result.cluster !== '') element.att('hostname', legible(result.cluster));
  const text = element.toString({ pretty: true, offset: 1 }).trimEnd();
  return `${text.slice(0, text.lastIndexOf(END)).trimEnd()}\n`;
}

export function suiteEnd(): string {
  return `  ${END}\n`;
}

/** Each `<testcase>`. No two have the same name: GitLab drops the second one. */
export function* casesOfPart(
  { suite, from, to }: Part,
  textLimit: number,
): Generator<string, void, undefined> {
  const parent = builder.newBuilder().testSuite().build();
  for (let at = from; at < to; at += 1) {
    const verdict = suite.verdictOf(at);
    const seconds = suite.secondsOf(at);
    const { name, type, ...texts } = suite.caseOf(at);
    const message = cut(texts.message, textLimit);
    const text = cut(texts.text, textLimit);
    const free = freeName(name, suite.taken);
    suite.taken.add(free);
    const element = testCase({ name, type, message, text }, verdict)
      .className(suite.name)
      .name(free)
      .build(parent);
    if (seconds !== undefined) element.att('time', fixed(seconds));
    if (verdict === 'skipped') element.ele('skipped', { message }).txt(text);
    yield `${element.toString({ pretty: true, offset: 2 }).trimEnd()}\n`;
    element.remove();
  }
  // After its last part nobody asks for them, and they are as many as the cases.
  if (to === suite.size) suite.taken.clear();
}

function testCase({ type, message, text }: SuiteCase, verdict: Verdict): TestCase {
  const node = builder.newBuilder().testCase();
  const content = cdata(text);
  if (verdict === 'failed') return node.failure(message, type).stacktrace(content);
  if (verdict === 'errored') return node.error(message, type, content);
  return verdict === 'passed' ? node.standardOutput(content) : node;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name} (${count})`;
  return free;
}

function cdata(text: string): string {
  return text.replaceAll(']]>', ']]&gt;');
}

/** Seconds with three decimals: junit-10.xsd takes no more, and no exponent. */
function fixed(seconds: number): string {
  return Math.min(seconds, 1e9).toFixed(3);
}
