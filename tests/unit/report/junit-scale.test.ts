import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import type { RunResult } from '../../../src/model.ts';
import { tally } from '../../../src/report/counts.ts';
import { writeReports } from '../../../src/suite/reports.ts';
import { junitTexts } from './junit.ts';
import { allPairs, caseOf, errored, failed, passed, RESULTS, result, skipped } from './results.ts';
import { complaintsAbout } from './xml.ts';

vi.setConfig({ testTimeout: 60_000 });

const KINDS = [passed, failed, errored, skipped];
const anyRun = fc
  .array(fc.constantFrom(...KINDS), { minLength: 32, maxLength: 32 })
  .map((kinds): RunResult => {
    let at = 0;
    return result({ verdicts: allPairs(['a', 'b', 'c'], (entry) => (kinds[at++ % 32] ?? passed)(entry)) });
  });

test('however it is cut and grouped: every file is valid, nothing is lost, and the figures add up', async () => {
  const cuts = fc.record({
    casesPerFile: fc.integer({ min: 5, max: 90 }),
    groupAbove: fc.constantFrom(0, 71, 72),
  });
  await fc.assert(
    fc.asyncProperty(anyRun, cuts, async (run, cut) => {
      const files = junitTexts(run, cut);
      for (const xml of files) {
        expect(await complaintsAbout(xml)).toEqual([]);
        const { tests, ...counts } = countedIn(xml);
        expect(tests).toBeLessThanOrEqual(cut.casesPerFile);
        expect(saidBy(xml)).toEqual({ tests, ...counts });
      }
      const names = files.flatMap((xml) => xml.match(/classname="[^"]*" name="[^"]*"/g) ?? []);
      expect(new Set(names).size).toBe(names.length);
      const suites = files.flatMap((xml) => xml.match(/<testsuite name="[^"]*"/g) ?? []);
      expect(new Set(suites).size).toBe(suites.length);

      const { failed: failures, errored: errors } = tally(run.verdicts);
      const found = run.diagnosis.findings.filter(({ cases }) => cases.length > 1).length;
      const sum = (pick: 'failures' | 'errors') =>
        files.reduce((total, xml) => total + countedIn(xml)[pick], 0);
      expect(sum('failures') + sum('errors')).toBe(failures + errors + found);
      expect(casesTold(files)).toBe(run.verdicts.length);
    }),
    { numRuns: 8 },
  );
});

/** Cases of the run that the testcases stand for: each its own, or as many as it says. */
function casesTold(files: readonly string[]): number {
  return files
    .flatMap((xml) => xml.split('<testcase ').slice(1))
    .filter((text) => !text.startsWith('classname="netaccept.'))
    .reduce(
      (sum, text) => sum + Number(/ → \*[^"]*"[\s\S]*?(\d+) cases (passed|skipped)/.exec(text)?.[1] ?? 1),
      0,
    );
}

function countedIn(xml: string) {
  const count = (tag: string) => xml.split(`<${tag} `).length - 1;
  return { tests: count('testcase'), failures: count('failure'), errors: count('error') };
}

function saidBy(xml: string) {
  const [, tests, failures, errors] =
    /<testsuites name="netaccept" tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(xml) ?? [];
  return { tests: Number(tests), failures: Number(failures), errors: Number(errors) };
}

describe('a grouped run', () => {
  const grouped = (kind: typeof passed) =>
    junitTexts(
      result({ verdicts: [passed(caseOf('a', 'b')), kind(caseOf('a', 'c')), passed(caseOf('d', 'b'))] }),
      {
        groupAbove: 2,
      },
    ).join('');

  test('has one testcase per source for what passed, which says how many', () => {
    const xml = grouped(passed);
    expect(xml.match(/name="\w → [^"]*"/g)).toEqual(['name="a → *"', 'name="d → *"']);
    expect(xml).toContain('2 cases passed\none testcase for all of them');
    expect(xml).toContain('<property name="cases" value="3"/>');
  });

  test.each([failed, errored])('never shows a source as passed that has a case which is not', (kind) => {
    expect(grouped(kind).match(/name="\w → [^"]*"/g)).toEqual([
      'name="a → * (those that passed)"',
      'name="a → c"',
      'name="d → *"',
    ]);
  });

  test('says which of them were flaky', () => {
    const verdicts = ['b', 'c'].map((node) => passed(caseOf('a', node), { outcome: 'reset' }));
    const xml = junitTexts(result({ verdicts }), { groupAbove: 1 }).join('');
    expect(xml).toContain('2 cases passed, 2 of them flaky\nflaky: pod-to-pod/tcp/v4 a → b\n');
  });
});

describe('the findings', () => {
  test('are the first suite, each with its evidence, causes and what to do next', () => {
    const [xml = ''] = junitTexts(RESULTS['one-way-fault']);
    expect(/<testsuite name="([^"]*)"/.exec(xml)?.[1]).toBe('netaccept.findings');
    expect(xml).toMatch(
      /<testcase classname="netaccept.findings" name="one-way worker-1 worker-2 overlay">\s*<failure /,
    );
    expect(xml).toMatch(/4 of 4 cases in its scope; 0 against it; confidence high\n(likely: .*\n)+next: /);
  });

  test('are told in each of their cases as well', () => {
    const [xml = ''] = junitTexts(RESULTS['one-way-fault']);
    expect(xml.match(/in 2 attempts\nfinding: from node worker-1 to node worker-2, one way/g)).toHaveLength(
      4,
    );
  });

  test('about cases that could not be judged are errors, so that no failure is counted', () => {
    const verdicts = ['b', 'c', 'd'].map((node) => errored(caseOf('a', node)));
    const [xml = ''] = junitTexts(result({ verdicts, exitCode: 2 }));
    expect(xml).toContain('<testsuites name="netaccept" tests="8" failures="0" errors="4" ');
  });

  test('about one case are told there, not counted a second time', () => {
    const [xml = ''] = junitTexts(result({ verdicts: [failed(caseOf('a', 'b'))], exitCode: 1 }));
    expect(xml).not.toContain('netaccept.findings');
    expect(xml).toContain('failures="1" errors="0"');
  });

  test('have no suite where there are none', () => {
    expect(junitTexts(RESULTS['all-passed']).join('')).not.toContain('netaccept.findings');
  });
});

test('a huge message is cut, says so, and splits no character', async () => {
  const sentence = `x${'\u{1f600}'.repeat(5_000)}`;
  const verdicts = [{ ...failed(caseOf('a', 'b')), sentence }];
  const [xml = ''] = junitTexts(result({ verdicts, exitCode: 1 }), { textLimit: 200 });
  expect(await complaintsAbout(xml)).toEqual([]);
  expect(xml).toMatch(/ message="x\u{1f600}{99} … \(cut: 9802 more characters\)"/u);
  expect(xml.length).toBeLessThan(6_000);
});

test('the files of a run are junit.xml, junit-2.xml and so on, and none of an earlier one is left', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'junit-'));
  const written = async (casesPerFile: number) => {
    const chosen = settings((draft) => {
      draft.report.junit.casesPerFile = casesPerFile;
    });
    await writeReports(dir, RESULTS['all-passed'], chosen);
    return (await readdir(dir)).filter((name) => name.startsWith('junit')).sort();
  };
  expect(await written(50)).toEqual(['junit-2.xml', 'junit-3.xml', 'junit.xml']);
  await writeFile(join(dir, 'junit-of-mine.xml'), 'mine');
  expect(await written(100)).toEqual(['junit-2.xml', 'junit-of-mine.xml', 'junit.xml']);
  expect(await written(1000)).toEqual(['junit-of-mine.xml', 'junit.xml']);
});
