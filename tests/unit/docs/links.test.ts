import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { Tokens } from 'marked';
import { expect, test } from 'vitest';
import { headingsOf, pagePaths, readPage, tokensOf } from './pages.ts';

const ROOT = new URL('../../../', import.meta.url);

test.each(pagePaths)('every link within %s leads somewhere', (path) => {
  expect(targetsIn(path).filter((target) => !leadsSomewhere(path, target))).toEqual([]);
});

test('links are found, and a broken one shows', () => {
  expect(pagePaths).toContain('README.md');
  expect(targetsIn('docs/operating.md').length).toBeGreaterThan(10);
  expect(leadsSomewhere('docs/operating.md', '../README.md#history')).toBe(true);
  expect(leadsSomewhere('docs/operating.md', '../README.md#no-such-heading')).toBe(false);
  expect(leadsSomewhere('docs/operating.md', 'README.md')).toBe(false);
});

function targetsIn(path: string): string[] {
  const links = tokensOf(readPage(path)).filter((token): token is Tokens.Link => token.type === 'link');
  return links.map(({ href }) => href).filter((href) => !/^[a-z]+:/.test(href));
}

function leadsSomewhere(from: string, target: string): boolean {
  const [file = '', anchor] = decodeURI(target).split('#');
  const path = file === '' ? from : posix.join(posix.dirname(from), file);
  if (!existsSync(new URL(path, ROOT))) return false;
  return anchor === undefined || headingsOf(readPage(path)).some(({ text }) => anchorOf(text) === anchor);
}

/** As GitHub and GitLab make them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
