import { expect, test } from 'vitest';
import { wantsColour } from '../../../src/cli/colour.ts';

test.each([
  ['a terminal', {}, true, true],
  ['a pipe', {}, false, false],
  ['a terminal that can do nothing', { TERM: 'dumb' }, true, false],
  ['a terminal, with NO_COLOR', { NO_COLOR: '1' }, true, false],
  ['a terminal, with an empty NO_COLOR', { NO_COLOR: '' }, true, true],
  ['a pipe, with FORCE_COLOR', { FORCE_COLOR: '1' }, false, true],
  ['a terminal, with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
  ['both', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
])('%s', (_, env, isTerminal, colour) => {
  expect(wantsColour(env, isTerminal)).toBe(colour);
});
