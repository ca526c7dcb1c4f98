import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { type Progress, progressLine, progressPlain } from '../../../src/report/progress.ts';

const HALF: Progress = { phase: 'probing', done: 256, total: 512, perSecond: 84.6, failed: 3, errored: 0 };

test('a line for a terminal has a bar, rate and failures so far', () => {
  expect(progressLine(HALF, 80)).toBe(
    'probing [####################--------------------] 256/512  50 %  85/s  3 failed',
  );
});

test('a line for a log has the same figures', () => {
  expect(progressPlain({ ...HALF, errored: 2 })).toBe('probing: 256/512, 50 %, 85/s, 3 failed, 2 errored');
});

test.each([200, 80, 60, 40, 20, 5, 1])('fits %d columns', (width) => {
  const line = progressLine({ ...HALF, phase: 'probing 節点', errored: 2 }, width);
  expect(stringWidth(line)).toBeLessThanOrEqual(width);
  expect(line).not.toContain('\n');
});

test('has no bar where there is no room for one', () => {
  expect(progressLine(HALF, 44)).toBe('probing 256/512  50 %  85/s  3 failed');
});

test('an unknown total is not a finished one', () => {
  const waiting = { ...HALF, phase: 'waiting for agents', done: 0, total: 0, perSecond: 0, failed: 0 };
  expect(progressPlain(waiting)).toBe('waiting for agents: 0');
  expect(progressLine(waiting, 80)).not.toContain('#');
});

test('100 % is only what is really done', () => {
  expect(progressPlain({ ...HALF, done: 9999, total: 10_000 })).toContain('9999/10000, 99 %');
  expect(progressPlain({ ...HALF, done: 10_000, total: 10_000 })).toContain('100 %');
});

test.each([
  [0.04, '256/512, 50 %, 3 failed'],
  [3.14, '256/512, 50 %, 3.1/s, 3 failed'],
  [Number.NaN, '256/512, 50 %, 3 failed'],
  [Number.POSITIVE_INFINITY, '256/512, 50 %, 3 failed'],
])('a rate of %d per second', (perSecond, figures) => {
  expect(progressPlain({ ...HALF, perSecond })).toBe(`probing: ${figures}`);
});
