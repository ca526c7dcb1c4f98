import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checks, pathNames } from '../../../src/checks/registry.ts';

import { expandMatrix } from '../../../src/matrix/matrix.ts';

// Tables may be padded for those who read the source.
const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ');

test('the README’s table of checks is the registry', () => {
  const rows = checks.map(({ name, title, proof }) => `| \`${name}\` | ${title} | ${proof} |`);
  const table = readme.slice(readme.indexOf('| check | does'), readme.indexOf('| path | starts'));
  expect(table.trim().split('\n').slice(2)).toEqual(rows);
  for (const path of pathNames) expect(readme).toContain(`| \`${path}\` |`);
});

test('the README’s formula is what the matrix does', () => {
  expect(readme).toContain('**cases = 4 paths × 4 checks × F × N²**: 512 for 4 dual-stack Nodes');
  for (const nodes of [1, 2, 4, 7]) {
    expect(expandMatrix(checks, dualStack(nodes), settings())).toHaveLength(4 * 4 * 2 * nodes ** 2);
  }
});
