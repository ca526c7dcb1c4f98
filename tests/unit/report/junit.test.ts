import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { CaseVerdict, Diagnosis, Finding, RunResult } from '../../../src/model.ts';
import { junitFiles } from '../../../src/report/junit.ts';
import { expectGolden } from './golden.ts';
import { JUNIT, junitTexts } from './junit.ts';
import {
  allPairs,
  caseOf,
  control,
  errored,
  failed,
  NODES,
  passed,
  RESULTS,
  result,
  skipped,
} from './results.ts';
import { canonical, complaintsAbout } from './xml.ts';

// libxml2 starts anew for each document: fast alone, slow beside a cluster being built.
vi.setConfig({ testTimeout: 60_000 });

const junitXml = (run: RunResult) => junitTexts(run).join('');

describe.each(Object.entries(RESULTS))('%s', (name, run) => {
  test('is the golden JUnit, byte by byte', () => expectGolden(`${name}.xml`, junitXml(run)));

  test('is valid', async () => expect(await complaintsAbout(junitXml(run))).toEqual([]));
});

describe('the schema really judges', () => {
  const good = junitXml(RESULTS['every-verdict']);
  const spoiled = {
    'an unknown attribute': (xml: string) => xml.replace('<testcase ', '<testcase file="x" '),
    'the skipped count that Jenkins refuses at the root': (xml: string) =>
      xml.replace('<testsuites ', '<testsuites skipped="0" '),
    'the same case twice': (xml: string) => xml.replace(/( *<testcase[\s\S]*?<\/testcase>\n)/, '$1$1'),
    'a time in exponents': (xml: string) =>
      xml.replace(/<testcase ([^>]*)time="[^"]*"/, '<testcase $1time="1e-7"'),
    'a failure without text': (xml: string) =>
      xml.replace(/(<failure [^>]*>)[\s\S]*?<\/failure>/, '$1</failure>'),
    'two verdicts in one case': (xml: string) =>
      xml.replace('</failure>', '</failure><error message="m" type="t">x</error>'),
    'a suite without cases': (xml: string) =>
      xml.replace('</testsuites>', '<testsuite name="e" tests="0"/></testsuites>'),
    'a cut-off file': (xml: string) => xml.slice(0, -20),
  };
  test.each(Object.entries(spoiled))('%s', async (_, spoil) => {
    expect(spoil(good)).not.toBe(good);
    expect(await complaintsAbout(spoil(good))).not.toEqual([]);
  });
});

test('any text in any place leaves the document valid', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const hard = fc.oneof(
    text,
    fc.constantFrom(']]>', ']]>]]>', '<![CDATA[', '&amp;', '\ud800', '\udfff\ud800', '\0', ''),
  );
  const verdict = fc.record({
    source: hard,
    target: hard,
    sentence: hard,
    detail: hard,
    kind: fc.constantFrom(passed, failed, errored, skipped),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(verdict, { minLength: 100, maxLength: 200 }), hard, async (drafts, extra) => {
      const verdicts = drafts.map(({ source, target, sentence, detail, kind }): CaseVerdict => {
        const attempts = [{ outcome: 'wrong-answer' as const, detail, seen: extra }];
        return { ...kind(caseOf(source, target)), sentence, attempts, aimedAt: detail };
      });
      const run = result({
        run: extra,
        cluster: extra,
        verdicts,
        problems: [{ code: extra, message: extra, hint: extra }],
      });
      expect(await complaintsAbout(junitXml(run))).toEqual([]);
    }),
    { numRuns: 5 },
  );
});

test('the counts of suites and root are those of their cases', () => {
  const xml = junitXml(RESULTS['every-verdict']);
  const suites = xml.split('</testsuite>\n').slice(0, -1);
  const counted = suites.map((suite) =>
    ['testcase', 'failure', 'error', 'skipped'].map((name) => occurrences(suite, `<${name} `)),
  );
  const said = suites.map((suite) =>
    /<testsuite [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/
      .exec(suite)
      ?.slice(1)
      .map(Number),
  );
  expect(said).toEqual(counted);
  const [tests, failures, errors] = [0, 1, 2].map((at) =>
    counted.reduce((sum, suite) => sum + (suite[at] ?? 0), 0),
  );
  expect(xml).toContain(
    `<testsuites name="netaccept" tests="${tests}" failures="${failures}" errors="${errors}" time="12.345">`,
  );
});

test('a reader sees sentence, attempts, and what the proof is worth, as text of the failure', async () => {
  const entry = failed(caseOf('worker-1', 'worker-2'));
  const diagnosis = diagnosisOf(entry, { causes: ['this and that'], next: ['look there'] });
  const seen = await canonical(junitXml(result({ verdicts: [entry], diagnosis, exitCode: 1 })));
  expect(textOf(seen, 'failure')).toBe(
    [
      'no answer from the agent pod on worker-2 at 10.244.1.5:8080 in 2 attempts',
      'aimed at 10.244.1.5:8080',
      'attempt 1 of 2: timed-out',
      'attempt 2 of 2: timed-out, nothing within 3000 ms',
      "what a pass is worth: the reply carried this probe's nonce and the pod UID of the responder it was meant for",
      'likely: this and that',
      'next: look there',
    ].join('\n'),
  );
});

test('a skipped case says why, in the attribute and in the text', async () => {
  const seen = await canonical(
    junitXml(result({ verdicts: [skipped(caseOf('a', 'b'), 'nodes.exclude: b')], exitCode: 2 })),
  );
  expect(seen).toContain('<skipped message="nodes.exclude: b">nodes.exclude: b</skipped>');
});

test('a flaky pass is visible, with its first attempt', async () => {
  const verdicts = [passed(caseOf('a', 'b'), { outcome: 'refused', detail: 'ECONNREFUSED' })];
  const text = textOf(await canonical(junitXml(result({ verdicts }))), 'system-out');
  expect(text).toContain('flaky: passed, but not at the first attempt or not without loss\n');
  expect(text).toContain('attempt 1 of 2: refused, ECONNREFUSED\n');
  expect(text).toContain(
    'attempt 2 of 2: reached, rtt 0.412 ms, answered by pod agent-b (uid-b) on b, saw source 10.244.0.3\n',
  );
});

test('every second `]]>` of a text survives too', async () => {
  const verdicts = [{ ...failed(caseOf('a', 'b')), sentence: 'a]]>b]]>c' }];
  expect(textOf(await canonical(junitXml(result({ verdicts }))), 'failure')).toMatch(
    /^a\]\]&amp;gt;b\]\]&amp;gt;c\n/,
  );
});

test.each([
  ['a fast answer', 0.0001, '0.000'],
  ['a slow one', 1234.5678, '1.235'],
  ['more than a number can be fixed to', 1e30, '1000000000.000'],
])('the time of %s has three decimals and no exponent', (_, rttMs, time) => {
  const xml = junitXml(result({ controls: [], verdicts: [{ ...passed(caseOf('a', 'b')), rttMs }] }));
  expect(xml).toContain(`classname="pod-to-pod.tcp.v4" name="a → b" time="${time}"`);
});

test('a case that timed out shows what its probe took', () => {
  const timedOut = { ...failed(caseOf('a', 'b')), tookMs: 4251 };
  expect(junitXml(result({ verdicts: [timedOut], exitCode: 1 }))).toContain('name="a → b" time="4.251"');
});

test('what was never measured has no time', () => {
  const xml = junitXml(result({ verdicts: [failed(caseOf('a', 'b'))], exitCode: 1 }));
  expect(xml).not.toMatch(/<testcase [^>]*time=/);
});

test('no two cases have the same class name and name', async () => {
  const verdicts = [passed(caseOf('a', 'b')), failed(caseOf('a', 'b')), passed(caseOf('a', 'b (2)'))];
  const xml = junitXml(result({ verdicts, exitCode: 1 }));
  const names = xml.match(/name="a → [^"]*"/g) ?? [];
  expect(new Set(names)).toEqual(new Set(['name="a → b"', 'name="a → b (2)"', 'name="a → b (2) (2)"']));
  expect(await complaintsAbout(xml)).toEqual([]);
});

test('the order of what came in does not matter', () => {
  const run = RESULTS['every-verdict'];
  const shuffled = { ...run, verdicts: run.verdicts.toReversed(), controls: run.controls.toReversed() };
  expect(junitXml(shuffled)).toBe(junitXml(run));
});

test('names are in UTF-8 order, also beyond U+FFFF', () => {
  const verdicts = ['\u{1f600}', '\uff5e', 'z'].map((name) => passed(caseOf(name, 'b')));
  const xml = junitXml(result({ controls: [], verdicts }));
  expect(xml.match(/ name="[^"]* → /gu)).toEqual([' name="z → ', ' name="\uff5e → ', ' name="\u{1f600} → ']);
});

describe('no JUnit is green beside an exit code that is not 0', () => {
  test.each([
    ['nothing was expected', result({ controls: [], exitCode: 3 }), 'nothing-checked'],
    ['every case was skipped', result({ verdicts: [skipped(caseOf('a', 'b'))], exitCode: 2 }), 'unexplained'],
    ['nobody says why', result({ verdicts: [passed(caseOf('a', 'b'))], exitCode: 2 }), 'unexplained'],
    [
      'a control broke',
      result({ verdicts: [passed(caseOf('a', 'b'))], controls: [control('a', 'broken')], exitCode: 2 }),
      'control-broken',
    ],
    [
      'a control is unknown',
      result({ verdicts: [passed(caseOf('a', 'b'))], controls: [control('a', 'unobserved')], exitCode: 2 }),
      'control-unobserved',
    ],
  ])('%s', async (_, run, type) => {
    const xml = junitXml(run);
    expect(xml).toMatch(new RegExp(`<error message="[^"]+" type="${type}"><!\\[CDATA\\[.`));
    expect(await complaintsAbout(xml)).toEqual([]);
  });

  test('and a run in which all passed has no error in it', () => {
    expect(junitXml(RESULTS['all-passed'])).not.toMatch(/<(error|failure|skipped)/);
  });
});

test('the chunks are the document, in pieces worth a write each', () => {
  const run = result({
    verdicts: Array.from({ length: 20 }, (_, at) => allPairs([...NODES, `n${at}`], passed)).flat(),
  });
  const chunks = junitFiles(run, JUNIT).flatMap((file) => [...file]);
  expect(chunks.join('')).toBe(junitXml(run));
  expect(chunks.length).toBeGreaterThan(10);
  expect(Math.min(...chunks.slice(0, -1).map((chunk) => chunk.length))).toBeGreaterThanOrEqual(64 * 1024);
});

/** One finding about one case. */
function diagnosisOf(entry: CaseVerdict, part: Partial<Finding>): Diagnosis {
  const finding: Finding = {
    ...{ id: 'pair', kind: 'pair', title: 'the same again', nodes: [], cases: [entry.case.id], judged: 1 },
    ...{ contradicting: 0, confidence: 'low', causes: [], next: [], ...part },
  };
  return { findings: [finding], unexplained: [] };
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** The text of the last element of this name, as canonical XML escapes it. */
function textOf(xml: string, element: string): string {
  const all = [...xml.matchAll(new RegExp(`<${element}(?: [^=]+="[^"]*")*>([^<]*)</${element}>`, 'g'))];
  return all.at(-1)?.[1] ?? '';
}

test('what an operator should know is a property of every suite, each note one', async () => {
  const notes = ['Node worker-1 is cordoned', 'Node worker-2 is tainted: a=<b>:NoSchedule'];
  const xml = junitXml(result({ verdicts: [passed(caseOf('a', 'b'))], notes }));
  expect(xml).toContain('<property name="note-1" value="Node worker-1 is cordoned"/>');
  expect(xml).toContain('<property name="note-2" value="Node worker-2 is tainted: a=&lt;b>:NoSchedule"/>');
  expect(await complaintsAbout(xml)).toEqual([]);
});
