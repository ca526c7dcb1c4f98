import { describe, expect, test } from 'vitest';
import { MAX_LINES, markdown } from '../../../src/report/markdown.ts';
import { expectGolden } from './golden.ts';
import { allPairs, failed, passed, RESULTS, result } from './results.ts';

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
