import { expect, test } from 'vitest';
import type { Case } from '../../../src/model.ts';
import { touches } from '../../../src/resume/nodes.ts';

const entry = (source: string, target?: string) =>
  ({
    source: { node: source },
    target: { name: 'x', ...(target === undefined ? {} : { node: target }) },
  }) as Case;

test.each([
  ['starts there', entry('node-1', 'node-2'), true],
  ['ends there', entry('node-2', 'node-1'), true],
  ['starts there and ends at no Node', entry('node-1'), true],
  ['is elsewhere', entry('node-2', 'node-3'), false],
  ['starts elsewhere and ends at no Node', entry('node-2'), false],
])('a case that %s', (_, made, expected) => {
  expect(touches(made, new Set(['node-1']))).toBe(expected);
});
