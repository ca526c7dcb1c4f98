import { describe, expect, test } from 'vitest';
import { parseSelector, selects } from '../../../src/kube/selector.ts';

describe('a label selector', () => {
  const labels = { pool: 'edge', zone: 'a', cores: '8', 'example.org/tier': '' };

  test.each([
    ['', true],
    ['pool=edge', true],
    ['pool==edge,zone=a', true],
    ['pool = core', false],
    ['pool!=core', true],
    ['absent!=core', true],
    ['zone in (a, b)', true],
    ['zone in (b),pool=edge', false],
    ['zone notin (b,c)', true],
    ['absent notin (b)', true],
    ['pool,zone', true],
    ['!pool', false],
    ['! absent', true],
    ['example.org/tier', true],
    ['example.org/tier=', true],
    ['cores>4', true],
    ['cores<8', false],
    ['absent>1', false],
  ])('%j on these labels: %s', (selector, expected) => {
    expect(selects(parseSelector(selector), labels)).toBe(expected);
  });

  test.each(['pool=a b', 'zone in a', 'zone in (a', '=x', 'pool=edge;zone=a'])(
    '%j is refused by name',
    (selector) => {
      expect(() => parseSelector(selector)).toThrow(/is not understood/);
    },
  );
});
