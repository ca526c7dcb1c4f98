import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../../src/model.ts';
import { resultChunks } from '../../../src/report/json.ts';
import { expectGolden } from './golden.ts';
import { allPairs, caseOf, control, errored, failed, passed, RESULTS, result, skipped } from './results.ts';

const SMALL = result({
  verdicts: [
    passed(caseOf('b', 'a'), { outcome: 'reset' }),
    failed(caseOf('a', 'b')),
    errored(caseOf('a', 'c')),
    skipped(caseOf('a', 'd')),
  ],
  controls: [control('b'), control('a', 'broken')],
  problems: [{ code: 'c', message: 'm', hint: 'h' }],
  exitCode: 2,
});

const resultJson = (run: RunResult) => Array.from(resultChunks(run)).join('');

test('is the golden JSON, byte by byte', () => expectGolden('result.json', resultJson(SMALL)));

test('is the golden JSON with ugly names too', () =>
  expectGolden('ugly-names.json', resultJson(RESULTS['ugly-names'])));

test('starts with its schema', () => {
  expect(resultJson(SMALL)).toMatch(
    /^\{\n {2}"\$schema": "urn:netaccept:report:1",\n {2}"schema": 1,\n {2}"exitCode": 2,\n/,
  );
});

test('does not depend on the order in which anything was built', () => {
  const turned: RunResult = {
    ...SMALL,
    verdicts: SMALL.verdicts.toReversed(),
    controls: SMALL.controls.toReversed(),
  };
  expect(resultJson(reversedKeys(turned))).toBe(resultJson(SMALL));
});

describe.each(Object.entries(RESULTS))('%s', (_, run) => {
  test('loses nothing', () => {
    const { $schema, schema, counts, ...rest } = JSON.parse(resultJson(run)) as Record<string, unknown>;
    expect(schema).toBe(1);
    expect(counts).toMatchObject({ total: { expected: run.verdicts.length } });
    const byId = <T>(items: T[], id: (item: T) => string) => new Set(items.map((item) => [id(item), item]));
    expect(rest).toMatchObject({ ...run, verdicts: expect.anything(), controls: expect.anything() });
    expect(byId(rest.verdicts as RunResult['verdicts'], (entry) => entry.case.id)).toEqual(
      byId(run.verdicts, (entry) => entry.case.id),
    );
    expect(byId(rest.controls as RunResult['controls'], (entry) => entry.control.id)).toEqual(
      byId(run.controls, (entry) => entry.control.id),
    );
  });
});

test('a field that it does not know yet is kept', () => {
  const newer = { ...passed(caseOf('a', 'b')), hops: 3 };
  expect(resultJson(result({ verdicts: [newer] }))).toContain('"hops":3');
});

test('a case and a finding are a line each, so that a line tool finds all of it', () => {
  const lines = resultJson(RESULTS['one-way-fault']).split('\n');
  expect(lines.filter((line) => line.startsWith('    {"case":'))).toHaveLength(128);
  expect(lines.filter((line) => line.startsWith('      {"id":"one-way '))).toHaveLength(1);
});

test('comes in pieces, none of them the whole', () => {
  const nodes = Array.from({ length: 20 }, (_, at) => `n${at}`);
  const chunks = [...resultChunks(result({ nodes, verdicts: allPairs(nodes, passed) }))];
  expect(chunks.length).toBeGreaterThan(10);
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(80 * 1024);
});

/** The same value, with the keys of each object the other way round. */
function reversedKeys<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toReversed())
      : each,
  ) as T;
}
