import fc from 'fast-check';
import { expect, test } from 'vitest';
import { legible } from '../../../src/report/legible.ts';
import { UGLY } from './results.ts';

test.each([
  ['markup', UGLY.markup, UGLY.markup],
  ['emoji and CJK', UGLY.emoji, UGLY.emoji],
  ['line breaks', UGLY.lines, 'line\\nline\\r\\n\\ttab'],
  ['control characters', UGLY.control, 'nul\\x00 bell\\x07 esc\\x1b[31mred del\\x7f csi\\x9b'],
  ['lone surrogates and noncharacters', UGLY.surrogate, 'lone \uFFFD and \uFFFD, nonchar \uFFFD\uFFFD'],
  ['right-to-left letters, not overrides', UGLY.rightToLeft, 'שרת-\\u202eevil\\u202c-خادم'],
  ['line separators', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
])('%s', (_, text, expected) => expect(legible(text)).toBe(expected));

test('whatever comes in, one line of well-formed text goes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(legible(text)).toMatch(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u);
      expect(legible(text).isWellFormed()).toBe(true);
    }),
  );
});
