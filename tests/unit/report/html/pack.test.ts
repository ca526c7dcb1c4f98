import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack } from '../../../../src/report/html/pack.ts';
import { unpack } from '../../../../src/report/html/page/unpack.ts';

const HOSTILE = [
  '</script><img src=x onerror=alert(1)>',
  '<!--<script>',
  '\u2028\u2029',
  '\0\x07\x1b[31m',
  '\ud800',
  '\udc00x',
  '\ufffe\uffff',
  ']]>',
  '👩‍🚀',
];

test.each(HOSTILE)('%j comes back as it was, and is base64 in between', async (text) => {
  const packed = pack({ [text]: [text, `${text}${text}`] });
  expect(packed).toMatch(/^[A-Za-z0-9+/]+=*$/);
  expect(await unpack(packed)).toEqual({ [text]: [text, `${text}${text}`] });
});

test('whatever is JSON comes back, fractions to a thousandth', async () => {
  const texts = fc.array(fc.string({ unit: 'binary' }));
  const value = fc.record({
    texts,
    whole: fc.array(fc.maxSafeInteger().filter((each) => Math.abs(each) < 2 ** 40)),
  });
  await fc.assert(
    fc.asyncProperty(value, async (given) => {
      expect(await unpack(pack(given))).toEqual(JSON.parse(JSON.stringify(given)));
    }),
    { numRuns: 200 },
  );
  expect(await unpack(pack([0.123456, 1.0004, 7]))).toEqual([0.123, 1, 7]);
});

test('a page that was cut is an error, not an empty run', async () => {
  const packed = pack(Array.from({ length: 500 }, (_, at) => `name ${at}`));
  await expect(unpack(packed.slice(0, packed.length / 2))).rejects.toThrow();
});
