import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Case, CaseVerdict, RunResult } from '../../../src/model.ts';
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
  UGLY,
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

  test('show the first 20 failed cases, then a count', () => {
    const text = summaryText(
      result({ verdicts: many.map((node) => failed(caseOf('a', node))), exitCode: 1 }),
      PLAIN,
    );
    expect(text.match(/^ {2}F /gm)).toHaveLength(20);
    expect(text).toContain('F pod-to-pod/tcp/v4 a → n19: timed-out (nothing');
    expect(text).toContain('\n  … and 60 more failed cases\n');
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

  test('names 20 nodes with long names in a key', () => {
    const text = summaryText(result({ nodes: names(20), verdicts: allPairs(names(20), passed) }), PLAIN);
    expect(text).toMatch(/^20( {2}·){20}$/m);
    expect(text).toContain('\n  20 = a-rather-long-name-of-a-node-9\n');
    expect(tooWide(text, 80)).toEqual([]);
  });

  const worse = (count: number, judge: (entry: Case) => CaseVerdict) =>
    summaryText(result({ nodes: names(count), verdicts: allPairs(names(count), judge), exitCode: 1 }), PLAIN);

  test('is a line per Node above 20 nodes: the worst ones, and how the others are', () => {
    const [, , bad = '', dead = ''] = names(21);
    const text = worse(21, (entry) => {
      if (entry.target.node === bad) return failed(entry);
      return entry.source.node === dead ? errored(entry) : passed(entry);
    });
    expect(text).not.toContain('(column)');
    expect(text).toContain(
      [
        'by node, worst first: its cases that failed (F) or errored (E), out and in',
        '                                  out: F    E   of  in: F  E   of',
        'F a-rather-long-name-of-a-node-2       8    0  168    168  0  168',
        'F a-rather-long-name-of-a-node-3       8  160  168      0  8  168',
        '19 nodes in trouble only with those above',
        '',
      ].join('\n'),
    );
    expect(tooWide(text, 80)).toEqual([]);
  });

  test('counts the Nodes beyond the 20 worst, and those that are well', () => {
    const alone = worse(60, (entry) =>
      entry.locality === 'same-node' && !entry.source.node.endsWith('9') ? failed(entry) : passed(entry),
    );
    expect(alone.match(/^F a-rather/gm)).toHaveLength(20);
    expect(alone).toContain('\n  … and 34 more nodes\n6 nodes without a failed or errored case\n');
    expect(worse(60, passed)).toContain('\n60 nodes without a failed or errored case\n');
  });
});

describe('what became of the cases since an earlier run', () => {
  const against = { run: 'earlier', started: '2026-11-19T09:00:00.000Z', exitCode: 1 };
  const none = {
    newlyBroken: [],
    fixed: [],
    stillBroken: [],
    newlyFlaky: [],
    slower: [],
    added: [],
    gone: [],
  };

  test('is a line for each kind of change, with an example', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, at) => `pod-to-pod/tcp/v4 a → n${at}`);
    const comparison = {
      ...{ ...none, against, newlyBroken: ids(12), fixed: ids(1), stillBroken: ids(2), gone: ids(3) },
      slower: [{ id: 'pod-to-pod/udp/v4 a → b', beforeMs: 0.4, afterMs: 12.345 }],
    };
    expect(summaryText(result({ comparison }), PLAIN)).toContain(
      [
        'compared with run earlier (exit 1): 3 cases gone',
        '  newly broken 12  pod-to-pod/tcp/v4 a → n0, …',
        '  still broken  2  pod-to-pod/tcp/v4 a → n0, …',
        '  fixed         1  pod-to-pod/tcp/v4 a → n0',
        '  slower        1  0.40 → 12.35 ms: pod-to-pod/udp/v4 a → b',
        '',
      ].join('\n'),
    );
  });

  test('is one line where nothing changed', () => {
    expect(summaryText(result({ comparison: { ...none, against } }), PLAIN)).toContain(
      '\n\ncompared with run earlier (exit 1): nothing broke, nothing was mended\n\n',
    );
  });

  test('stays on a line each, whatever the names', () => {
    const long = [UGLY.long, UGLY.control];
    const text = summaryText(
      result({
        comparison: { ...none, against: { ...against, run: UGLY.lines }, newlyBroken: long, fixed: long },
      }),
      PLAIN,
    );
    expect(tooWide(text, 80)).toEqual([]);
    expect(text).toMatch(/^ {2}newly broken 2 {2}n+…, …$/m);
  });

  test('a resume says what was asked again and what became of it', () => {
    const resumes = [1, 2, 3, 4, 5].map((cases) => ({
      started: 'then',
      seconds: 3.21,
      cases,
      passed: cases - 1,
    }));
    expect(summaryText(result({ resumes }), PLAIN)).toContain(
      [
        'resumed then: 5 cases run again, 4 of them passed (3.2 s)',
        'resumed then: 4 cases run again, 3 of them passed (3.2 s)',
        'resumed then: 3 cases run again, 2 of them passed (3.2 s)',
        '… and 2 earlier resumes',
        '',
      ].join('\n'),
    );
  });
});

test.each([
  ['none', 'the request never arrived'],
  ['some', 'the request arrived: the answer was lost'],
] as const)('a failed case whose arrival is %s: %s', (arrival, words) => {
  const verdicts = [{ ...failed(caseOf('a', 'b')), arrival }];
  expect(summaryText(result({ verdicts, exitCode: 1 }), { ...PLAIN, width: 120 })).toContain(
    `timed-out (nothing within 3000 ms); ${words}\n`,
  );
});

test('quiet: the headline, what is wrong with the run, the findings, and no more', () => {
  const quiet = (run: RunResult) => summaryText(run, { ...PLAIN, quiet: true, files: ['junit.xml'] });
  const whole = summaryText(RESULTS['every-verdict'], PLAIN);
  const brief = quiet(RESULTS['every-verdict']);
  expect(whole.startsWith(brief.trimEnd())).toBe(true);
  expect(brief).toMatch(/^1 problem$[\s\S]*^1 control broken$[\s\S]*^5 findings$/m);
  expect(brief).not.toMatch(/path\.check\.family|cases failed|junit\.xml/);
  expect(quiet(RESULTS['all-passed']).trimEnd().split('\n')).toHaveLength(2);
});

test('the files come last', () => {
  const text = summaryText(RESULTS['all-passed'], { ...PLAIN, files: ['junit.xml', 'report.json'] });
  expect(text.trimEnd().split('\n').at(-1)).toBe("in the run's folder: junit.xml, report.json");
});

test('a cause that an earlier finding has too is not told again', () => {
  const text = summaryText(RESULTS['every-verdict'], PLAIN);
  expect(text.match(/likely: the agent’s pod is not running there/g)).toHaveLength(1);
  expect(text.match(/^ {5}likely: as in 1$/gm)).toHaveLength(3);
});

test('findings, figures, grid, cases: in this order', () => {
  const text = summaryText(RESULTS['every-verdict'], PLAIN);
  const order = [
    '5 findings',
    'path.check.family',
    'from node (row)',
    '4 cases failed',
    '28 cases could not',
  ];
  const places = order.map((start) => text.indexOf(`\n${start}`));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThan(0);
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
