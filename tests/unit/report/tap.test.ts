import { Parser } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { RunResult } from '../../../src/model.ts';
import { tally } from '../../../src/report/counts.ts';
import { tapChunks } from '../../../src/report/tap.ts';
import { expectGolden } from './golden.ts';
import { caseOf, control, errored, passed, RESULTS, result } from './results.ts';

const textOf = (run: RunResult) => Array.from(tapChunks(run)).join('');

/** As tap-parser understands it; it is strict about anything that is no TAP. */
function parsed(run: RunResult) {
  const trouble: string[] = [];
  const text = textOf(run);
  const parser = new Parser({ strict: true });
  parser.on('extra', (line: string) => trouble.push(line));
  const points: Point[] = [];
  parser.on('assert', (point: Point) => points.push(point));
  parser.end(text);
  return { results: parser.results, points, trouble };
}

interface Point {
  ok: boolean;
  name: string;
  skip: boolean | string;
  diag: Record<string, unknown> | null;
}

describe.each(Object.entries(RESULTS))('%s', (name, run) => {
  test('is the golden TAP, byte by byte', () => expectGolden(`${name}.tap`, textOf(run)));

  test('is TAP to a strict parser, with every case in it', () => {
    const { results, points, trouble } = parsed(run);
    expect(trouble).toEqual([]);
    if (run.verdicts.length === 0) {
      expect(results?.bailout).toContain('connect ECONNREFUSED');
      return;
    }
    const { passed: green, skipped, expected } = tally(run.verdicts);
    const held = run.controls.filter(({ state }) => state === 'held').length;
    const problems = run.problems.length > 0 ? 1 : 0;
    expect(results).toMatchObject({
      ok: run.exitCode === 0,
      count: expected + run.controls.length + problems,
      pass: green + skipped + held,
      skip: skipped,
    });
    // Trailing spaces, which no parser keeps, are no difference between names.
    expect(new Set(points.map((point) => point.name)).size).toBe(points.length);
    for (const { ok, diag } of points) if (!ok) expect(diag).toMatchObject({ verdict: expect.any(String) });
  });
});

test('what could not be told is not ok, and says so in its block', () => {
  const { points } = parsed(result({ controls: [], verdicts: [errored(caseOf('a', 'b'))], exitCode: 2 }));
  expect(points[0]).toMatchObject({
    ok: false,
    name: 'pod-to-pod/tcp/v4 a → b',
    diag: { verdict: 'errored: could not tell', reason: 'no-agent' },
  });
});

test('a control that was answered is not ok', () => {
  const run = result({
    verdicts: [passed(caseOf('a', 'b'))],
    controls: [control('a', 'broken')],
    exitCode: 2,
  });
  expect(parsed(run).points.map(({ ok }) => ok)).toEqual([false, true]);
});

test('no name can begin a directive, end a block or drive a terminal', () => {
  const name = 'x # SKIP \\# TODO\n  ...\nok 9\u001b[31m';
  const verdicts = [{ ...errored(caseOf('a', name)), sentence: name }];
  const text = textOf(result({ controls: [], verdicts, exitCode: 2 }));
  const { points, trouble } = parsed(result({ controls: [], verdicts, exitCode: 2 }));
  expect(trouble).toEqual([]);
  expect(points).toHaveLength(1);
  expect(points[0]).toMatchObject({ ok: false, skip: false });
  const block = /---\n([\s\S]*) {2}\.\.\.\n/.exec(text)?.[1] ?? '';
  expect(parse(block)).toMatchObject({ message: 'x # SKIP \\# TODO\\n  ...\\nok 9\\x1b[31m' });
});
