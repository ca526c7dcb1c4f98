import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../../src/model.ts';
import { summaryText } from '../../../src/report/summary.ts';
import { expectGolden } from './golden.ts';
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

const PLAIN = { colour: false, width: 80 };

describe.each(Object.entries(RESULTS))('%s', (name, run) => {
  test('is the golden summary, byte by byte', () => expectGolden(`${name}.txt`, summaryText(run, PLAIN)));

  test('has no line over 80 columns', () => {
    expect(tooWide(summaryText(run, PLAIN), 80)).toEqual([]);
  });

  test('says the same in colour', () => {
    const coloured = summaryText(run, { colour: true, width: 80 });
    expect(coloured).not.toBe(summaryText(run, PLAIN));
    expect(stripVTControlCharacters(coloured)).toBe(summaryText(run, PLAIN));
  });
});

describe('the headline says what the exit code means', () => {
  const pair = caseOf('a', 'b');
  test.each([
    [
      'PASSED (exit 0): all 1 executed case passed, 1 skipped',
      { verdicts: [passed(pair), skipped(caseOf('a', 'c'))] },
    ],
    [
      'FAILED (exit 1): 1 of 2 cases failed, 1 could not be judged',
      { verdicts: [failed(pair), errored(pair)], exitCode: 1 },
    ],
    ['UNDECIDED (exit 2): 1 of 1 case could not be judged', { verdicts: [errored(pair)], exitCode: 2 }],
    [
      'UNDECIDED (exit 2): a control broke, so no verdict can be believed',
      { verdicts: [failed(pair)], controls: [control('a', 'broken')], exitCode: 2 },
    ],
    [
      'UNDECIDED (exit 2): not every control was observed',
      { verdicts: [passed(pair)], controls: [control('a', 'unobserved')], exitCode: 2 },
    ],
    [
      'UNDECIDED (exit 2): the run could not be completed as planned',
      { verdicts: [passed(pair)], exitCode: 2 },
    ],
    ['NOT RUN (exit 3): misuse, or the set-up failed: nothing was judged', { exitCode: 3 }],
  ] satisfies [string, Partial<RunResult>][])('%s', (headline, part) => {
    expect(summaryText(result(part), PLAIN).split('\n')[0]).toBe(headline);
  });
});

test('problems and broken controls come before the figures', () => {
  const lines = summaryText(RESULTS['every-verdict'], PLAIN).split('\n');
  const order = ['1 problem', '1 control broken', 'path.check.family', '4 cases failed'].map((start) =>
    lines.findIndex((line) => line.startsWith(start)),
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(Math.min(...order)).toBeGreaterThan(0);
});

test('a run without problems of its own still says why it is not clean', () => {
  expect(summaryText(result({ controls: [], exitCode: 3 }), PLAIN)).toContain('[nothing-checked]');
  expect(summaryText(result({ verdicts: [skipped(caseOf('a', 'b'))], exitCode: 2 }), PLAIN)).toContain(
    'nothing was proved',
  );
});

describe('long lists', () => {
  const many = Array.from({ length: 80 }, (_, at) => `n${String(at).padStart(2, '0')}`);

  test('show the first 50 failed cases, then a count', () => {
    const text = summaryText(
      result({ verdicts: many.map((node) => failed(caseOf('a', node))), exitCode: 1 }),
      PLAIN,
    );
    expect(text.match(/^ {2}F /gm)).toHaveLength(50);
    expect(text).toContain('F pod-to-pod/tcp/v4 a → n49: timed-out (nothing');
    expect(text).toContain('\n  … and 30 more failed cases\n');
  });

  test('show a dead node, which errors all its pairs, in a few lines, and name it', () => {
    const text = summaryText(
      result({ verdicts: many.map((node) => errored(caseOf('dead', node))), exitCode: 2 }),
      PLAIN,
    );
    expect(text).toContain('  no-agent: 80 cases, all of them with dead\n');
    expect(text.match(/^ {4}E /gm)).toHaveLength(3);
    expect(text).toContain('\n    … and 77 more\n');
  });

  test('show the first 10 flaky cases', () => {
    const verdicts = many.map((node) => passed(caseOf('a', node), { outcome: 'timed-out' }));
    const text = summaryText(result({ verdicts }), PLAIN);
    expect(text.match(/^ {2}~ /gm)).toHaveLength(10);
    expect(text).toContain('\n  … and 70 more flaky cases\n');
  });

  test('count each rule that skipped cases', () => {
    const verdicts = many.map((node, at) => skipped(caseOf('a', node), at < 30 ? 'rule one' : 'rule two'));
    const text = summaryText(result({ verdicts, exitCode: 2 }), PLAIN);
    expect(text).toContain('30 cases skipped: rule one\n50 cases skipped: rule two\n');
  });
});

test('same-node and cross-node cases are told apart', () => {
  const verdicts = allPairs(NODES, (entry) =>
    entry.locality === 'same-node' ? passed(entry) : failed(entry),
  );
  expect(summaryText(result({ verdicts, exitCode: 1 }), PLAIN)).toMatch(
    /pod-to-pod\.tcp\.v4 +4 +12 +0 +0 +0 +4\/4 +0\/12\n/,
  );
});

test('figures of a thousand nodes still fit, the name gives way', () => {
  const group = { ...caseOf('a', 'b'), check: 'a-check-with-a-long-name' };
  const verdicts = Array.from({ length: 10_000 }, () => passed(group));
  expect(tooWide(summaryText(result({ verdicts }), PLAIN), 80)).toEqual([]);
  expect(summaryText(result({ verdicts }), PLAIN)).toMatch(
    /^pod-to-pod\.a-check-[a-z-]*… +10000 .* 10000\/10000$/m,
  );
});

test('a narrow terminal costs the table no names', () => {
  const narrow = summaryText(RESULTS['one-way-fault'], { colour: false, width: 60 });
  expect(narrow).toMatch(/^node-to-node\.icmp +32 /m);
  expect(tooWide(narrow, 60).filter((line) => !/^[a-z.0-9-]+ .*(\/|-node)/.test(line))).toEqual([]);
});

describe('the grid', () => {
  const cell = (kinds: ReturnType<typeof passed>[]) =>
    summaryText(result({ nodes: ['a', 'b'], verdicts: kinds, exitCode: 2 }), PLAIN).match(
      /^ 1 a {5}(.)$/m,
    )?.[1];
  const pair = caseOf('a', 'b');
  test.each([
    ['F', [passed(pair), errored(pair), failed(pair)]],
    ['E', [passed(pair, { outcome: 'reset' }), errored(pair), skipped(pair)]],
    ['~', [passed(pair), passed(pair, { outcome: 'reset' }), skipped(pair)]],
    ['·', [passed(pair), skipped(pair)]],
    ['s', [skipped(pair), skipped(pair)]],
  ])('shows %s for the worst of a pair', (symbol, kinds) => {
    expect(cell(kinds)).toBe(symbol);
    expect(cell(kinds.toReversed())).toBe(symbol);
  });

  const names = (count: number) =>
    Array.from({ length: count }, (_, at) => `a-rather-long-name-of-a-node-${at}`);

  test('names 16 nodes with long names in a key', () => {
    const text = summaryText(result({ nodes: names(16), verdicts: allPairs(names(16), passed) }), PLAIN);
    expect(text).toMatch(/^16( {2}·){16}$/m);
    expect(text).toContain('\n  16 = a-rather-long-name-of-a-node-9\n');
    expect(tooWide(text, 80)).toEqual([]);
  });

  test('is left out above 16 nodes', () => {
    expect(
      summaryText(result({ nodes: names(17), verdicts: allPairs(names(17), passed) }), PLAIN),
    ).not.toContain('(column)');
  });
});

test.each([
  ['4 controls held', result({ verdicts: [passed(caseOf('a', 'b'))] })],
  ['no controls ran', result({ verdicts: [passed(caseOf('a', 'b'))], controls: [] })],
  ['1 control held, 1 broken, 1 unobserved', RESULTS['every-verdict']],
])('the last line says: %s', (line, run) => {
  expect(summaryText(run, PLAIN).trimEnd().split('\n').at(-1)).toBe(line);
});

function tooWide(text: string, width: number): string[] {
  return text.split('\n').filter((line) => stringWidth(line) > width);
}

test('Nodes that a rule left out are told, a line a rule', () => {
  const rule = 'named in nodes.exclude';
  const excluded = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((node) => ({ node, rule }));
  expect(summaryText(result({ excluded, exitCode: 0 }), PLAIN)).toContain(
    '\nnot tested, named in nodes.exclude: a, b, c, d, e and 2 more\n',
  );
});

test('what an operator should know is told though nothing failed', () => {
  const notes = ['Node worker-1 is cordoned'];
  expect(summaryText(result({ notes, exitCode: 0 }), PLAIN)).toContain('\nNode worker-1 is cordoned\n');
});
