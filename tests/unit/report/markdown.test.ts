import fc from 'fast-check';
import { marked, type Token } from 'marked';
import { describe, expect, test } from 'vitest';
import { MAX_LINES, markdown } from '../../../src/report/markdown.ts';
import { expectGolden } from './golden.ts';
import { allPairs, caseOf, failed, passed, RESULTS, result } from './results.ts';

describe.each(Object.entries(RESULTS))('%s', (name, run) => {
  test('is the golden Markdown', () => expectGolden(`${name}.md`, markdown(run)));

  test('has at most 40 lines, and no name breaks out of its cell', () => {
    const lines = markdown(run).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
    const columns = (line: string) => line.split('|').length;
    const rows = lines.filter((line) => line.startsWith('|'));
    expect(new Set(rows.map(columns)).size).toBeLessThanOrEqual(2);
    expect(lines.join('\n').replace(/<!--.*?-->/g, '')).not.toMatch(/[<>]/);
  });
});

test('failures without a pattern are no finding, but counted, and many groups still fit', () => {
  const nodes = Array.from({ length: 12 }, (_, index) => `n${index}`);
  let at = 0;
  const verdicts = allPairs(nodes, (entry) => (at++ % 7 === 0 ? failed(entry) : passed(entry)));
  const lines = markdown(result({ verdicts, exitCode: 1 }))
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  expect(lines.at(-1)).toContain('| total |');
  expect(lines.join('\n')).toMatch(/^\d+ cases in no finding/m);
});

describe('whatever is in a run', () => {
  const hard = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '@team',
      '#1',
      '!2',
      'https://x.example',
      '![i](u)',
      '<b>',
      '- [ ] x',
      '1. x',
      '`a`',
      '**b**',
    ),
    fc.constantFrom(
      'a|b',
      'www.x.example',
      '&lt;',
      '# h',
      '> q',
      '\n\n---\n',
      '~~s~~',
      'a_b_c',
      '$x$',
      'x@y.example',
    ),
  );
  const finding = fc.record({ title: hard, cause: hard, next: hard });
  const run = fc.record({
    texts: fc.array(hard, { minLength: 4, maxLength: 4 }),
    findings: fc.array(finding, { maxLength: 12 }),
    problems: fc.array(fc.record({ code: hard, message: hard, hint: hard }), { maxLength: 8 }),
    resumes: fc.nat({ max: 6 }),
    checks: fc.nat({ max: 40 }),
    compared: fc.boolean(),
  });
  const DRAWN = fc.sample(run, { numRuns: 200, seed: 20 }).map(({ texts, findings, problems, ...rest }) => {
    const [cluster = '', name = '', rule = '', id = ''] = texts;
    const cases = Array.from({ length: rest.checks }, (_, at) =>
      failed(caseOf('a', 'b', { check: `${id}${at}` })),
    );
    const lists = {
      newlyBroken: [id],
      fixed: [id],
      stillBroken: [],
      newlyFlaky: [],
      slower: [],
      added: [],
      gone: [],
    };
    return result({
      ...{ run: name, cluster, version: rule, excluded: [{ node: name, rule }], problems, verdicts: cases },
      diagnosis: {
        unexplained: [id],
        findings: findings.map(({ title, cause, next }) => ({
          ...{ id, kind: 'mixed', title, nodes: [], cases: [id], judged: 1, contradicting: 0 },
          ...{ confidence: 'low', causes: [cause], next: [next] },
        })),
      },
      resumes: Array.from({ length: rest.resumes }, () => ({
        started: name,
        seconds: 1,
        cases: 2,
        passed: 1,
      })),
      ...(rest.compared
        ? { comparison: { against: { run: name, started: '', exitCode: 1 }, ...lists } }
        : {}),
      exitCode: 1,
    });
  });

  test('it has at most 40 lines, and the total is among them', () => {
    for (const each of DRAWN) {
      const lines = markdown(each).trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
      if (each.verdicts.length > 0) expect(lines.at(-1)).toMatch(/^\| total \|/);
    }
  });

  test('no text of it becomes a link, an image, HTML or any other markup to a reader of Markdown', () => {
    for (const each of DRAWN) {
      const tokens = [...flat(marked.lexer(markdown(each), { gfm: true }))];
      expect(tokens.filter(({ type, raw }) => !PLAIN.has(type) && raw.trim() !== '<!-- -->')).toEqual([]);
      const bold = tokens.filter(({ type }) => type === 'strong').map(({ raw }) => raw);
      for (const raw of bold) expect(raw).toMatch(/^\*\*\d+\*\*$/);
      expect(tokens.filter(({ type }) => type === 'heading')).toHaveLength(1);
    }
  });

  test('no text of it becomes a mention or a reference once its entities are read', () => {
    for (const each of DRAWN) {
      const text = markdown(each).replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
      expect(text).not.toMatch(/[@#!~$](?=\w)|https?:\/|www\.\w/i);
    }
  });
});

const PLAIN = new Set([
  'heading',
  'space',
  'paragraph',
  'text',
  'table',
  'list',
  'list_item',
  'strong',
  'br',
  'escape',
]);

function* flat(tokens: readonly Token[]): Iterable<Token> {
  for (const token of tokens) {
    yield token;
    if ('tokens' in token && token.tokens !== undefined) yield* flat(token.tokens);
    if (token.type === 'list') yield* flat(token.items as Token[]);
    if (token.type !== 'table') continue;
    const cells = [...token.header, ...token.rows.flat()] as { tokens: Token[] }[];
    for (const cell of cells) yield* flat(cell.tokens);
  }
}
