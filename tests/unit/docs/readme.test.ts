import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withGenerated } from '../../../ci/docs.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checks, pathNames } from '../../../src/checks/registry.ts';
import { pairPaths } from '../../../src/checks/shared/pairs.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

test('the README’s generated parts are what the code says: npm run docs', () => {
  expect(squeezed(readme)).toBe(squeezed(withGenerated(readme)));
});

/** The formatter pads tables for those who read the source. */
function squeezed(text: string): string {
  return text.replace(/ +/g, ' ').replace(/-{2,}/g, '--');
}

test('the README’s table of paths names every path', () => {
  for (const path of pathNames) expect(readme).toContain(`\`${path}\``);
});

test('the README’s formula for the pairs is what the matrix does', () => {
  expect(readme).toContain('**4 paths × 4 checks × F × N²**');
  const only = ['tcp', 'http', 'udp', 'icmp', ...pairPaths];
  const chosen = settings((draft) => {
    draft.only = only;
  });
  for (const nodes of [1, 2, 4, 7]) {
    expect(expandMatrix(checks, dualStack(nodes), chosen)).toHaveLength(4 * 4 * 2 * nodes ** 2);
  }
});
