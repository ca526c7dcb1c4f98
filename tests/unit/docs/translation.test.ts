// The Chinese pages say the same as the English ones: what does not depend on the language is the same in both.
import { expect, test } from 'vitest';
import { between, blocksOf, codeIn, headingsOf, readPage, rowsOf } from './pages.ts';

const english = readPage('docs/operating.md');
const chinese = readPage('docs/zh-CN/operating.md');

test('the operating guide has the same sections in both languages', () => {
  const depths = (page: string) => headingsOf(page).map(({ depth }) => depth);
  expect(depths(chinese)).toEqual(depths(english));
});

test('the operating guide has the same blocks in both languages, but for their comments', () => {
  expect(blocksOf(chinese).map(withoutComments)).toEqual(blocksOf(english).map(withoutComments));
});

test('each section names the same commands, keys and files in both languages', () => {
  const there = sectionsOf(chinese);
  for (const [index, section] of sectionsOf(english).entries()) {
    expect(namesIn(there[index] ?? ''), section.split('\n', 1)[0]).toEqual(namesIn(section));
  }
});

test('the operating guide has the same tables in both languages', () => {
  const keys = (page: string) => rowsOf(page).map(([first = '']) => codeIn(first).sort());
  expect(keys(chinese)).toEqual(keys(english));
  for (const name of ['rights', 'sizes', 'findings', 'causes'])
    expect(rowsOf(between(chinese, name))).toHaveLength(rowsOf(between(english, name)).length);
});

test('every block of the Chinese quick start stands in the README or in the operating guide', () => {
  const known = [...blocksOf(readPage('README.md')), ...blocksOf(english)].map(withoutComments);
  const quickStart = blocksOf(readPage('docs/zh-CN/README.md')).map(withoutComments);
  expect(quickStart.length).toBeGreaterThan(1);
  for (const block of quickStart) expect(known).toContain(block);
});

/** Comments, which are translated, and alerts' texts for people. */
function withoutComments(block: string): string {
  const lines = block
    .split('\n')
    .map((line) => line.replace(/(^|\s+)# .*$/, '').replace(/summary: ".*"/, ''));
  return lines.join('\n');
}

function sectionsOf(page: string): string[] {
  return page.replace(/```[\s\S]*?```/g, '').split(/^#+ /m);
}

function namesIn(section: string): string[] {
  return [...new Set(codeIn(section))].sort();
}
