import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fullSuite } from '../../../../fixtures/runs/full-suite.ts';
import { markOf } from '../../../../src/report/html/columns.ts';
import { BLOCK_CASES, MARKS } from '../../../../src/report/html/format.ts';
import { htmlChunks } from '../../../../src/report/html/html.ts';
import { idOf, markAt, sourceOf, targetOf } from '../../../../src/report/html/page/run.ts';
import { allPairs, caseOf, failed, NODES, passed, RESULTS, result, skipped, UGLY } from '../results.ts';
import { opened, pageOf, rowsOf, SOURCES } from './opened.ts';

describe.each(Object.entries(RESULTS))('%s', (_name, run) => {
  test('every case is in the page with its id, its ends, its verdict and its evidence', async () => {
    const page = await opened(pageOf(run));
    const verdicts = new Map(run.verdicts.map((verdict) => [verdict.case.id, verdict]));
    expect(page.overview.cases).toBe(run.verdicts.length);
    for (const row of rowsOf(page)) {
      const verdict = verdicts.get(idOf(page, row));
      if (verdict === undefined) throw new Error(`row ${row} is no case: ${idOf(page, row)}`);
      verdicts.delete(verdict.case.id);
      expect(markAt(page, row)).toBe(markOf(verdict));
      expect(sourceOf(page, row)).toBe(verdict.case.source.node);
      expect(targetOf(page, row).name).toBe(verdict.case.target.name);
      const { sentence, attempts } = (await page.evidence(row)) ?? {};
      expect({ sentence, attempts }).toEqual({ sentence: verdict.sentence, attempts: verdict.attempts });
    }
    expect([...verdicts.keys()]).toEqual([]);
  });

  test('the same result is the same page', () => {
    const shuffled = { ...run, verdicts: run.verdicts.toReversed() };
    expect(pageOf(structuredClone(run))).toBe(pageOf(run));
    expect(pageOf(shuffled)).toBe(pageOf(run));
  });

  test('no name is markup, no character is one that a page cannot hold', () => {
    const page = pageOf(run);
    expect(page).not.toContain('<skipped/>');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what is looked for.
    expect(page).not.toMatch(/[\0-\x08\x0B-\x1F\x7F-\x9F\u2028\u2029\u202a-\u202e\ufffe\uffff]/);
    expect(page.isWellFormed()).toBe(true);
    // The style sheet, the data, the program: nothing that a name has opened.
    expect(page.match(/<script/g)).toHaveLength((page.match(/data-part=/g) ?? []).length + 1);
  });
});

test('cases come worst first, then by id', async () => {
  const page = await opened(pageOf(RESULTS['every-verdict']));
  const keys = rowsOf(page).map((row) => `${MARKS.indexOf(markAt(page, row))} ${idOf(page, row)}`);
  expect(keys).toEqual(keys.toSorted());
  expect(new Set(keys.map((key) => key[0]))).toEqual(new Set(['0', '1', '2', '3', '4']));
});

test('an id that its parts do not say is kept as it is', async () => {
  const odd = passed({ ...caseOf('a', 'b'), id: `odd ${UGLY.surrogate}` });
  const page = await opened(pageOf(result({ nodes: ['a', 'b'], verdicts: [odd, passed(caseOf('b', 'a'))] })));
  expect(
    rowsOf(page)
      .map((row) => idOf(page, row))
      .toSorted(),
  ).toEqual([`odd ${UGLY.surrogate}`, 'pod-to-pod/tcp/v4 b → a']);
});

test('the policy allows the page its own style sheet and program, by their hashes, and nothing else', () => {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(pageOf(RESULTS['all-passed'])) ?? [];
  expect(policy).toBe(
    `default-src 'none'; style-src ${hash(SOURCES.css)}; script-src ${hash(SOURCES.js)}; base-uri 'none'; form-action 'none'`,
  );
});

test('what is too much is the evidence of passes and skips, never of anything else, and it is told', async () => {
  const names = Array.from({ length: 30 }, (_, at) => `n${at}`);
  const run = result({
    nodes: names,
    verdicts: allPairs(names, (entry) => {
      if (entry.target.node === 'n7') return failed(entry);
      if (entry.target.node === 'n8') return passed(entry, { outcome: 'timed-out' });
      return entry.target.node === 'n9' ? skipped(entry) : passed(entry);
    }),
  });
  expect(run.verdicts.length).toBeGreaterThan(BLOCK_CASES);
  const page = await opened(pageOf(run, 0));
  const without = await Promise.all(
    rowsOf(page).map(async (row) => ((await page.evidence(row)) === undefined ? [markAt(page, row)] : [])),
  );
  expect(new Set(without.flat())).toEqual(new Set(['passed', 'skipped']));
  expect(without.flat()).toHaveLength(page.overview.cases - page.overview.evidenceUntil);
  expect(page.overview.evidenceUntil).toBe(BLOCK_CASES);
});

test('findings and changes are columns: their cases are found without their ids', async () => {
  const run = fullSuite(4);
  const page = await opened(pageOf(run));
  const idsOf = (column: 'finding' | 'change', value: number) =>
    rowsOf(page)
      .filter((row) => page.rows[column][row] === value)
      .map((row) => idOf(page, row))
      .toSorted();
  expect(run.diagnosis.findings.length).toBeGreaterThan(2);
  for (const [at, finding] of run.diagnosis.findings.entries())
    expect(idsOf('finding', at)).toEqual(finding.cases.toSorted());
  expect(idsOf('change', 2)).toEqual(run.comparison?.fixed.toSorted());
  expect(page.overview.comparison?.slower.map(({ row }) => idOf(page, row))).toEqual(
    run.comparison?.slower.map(({ id }) => id),
  );
});

test('a page comes in pieces, one block of cases each', () => {
  const run = result({ nodes: NODES, verdicts: fullSuite(8).verdicts });
  const pieces = Array.from(htmlChunks(run, SOURCES));
  expect(pieces.length).toBe(3 + 2 * Math.ceil(run.verdicts.length / BLOCK_CASES));
});
