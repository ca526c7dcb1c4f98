import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare } from '../../../src/history/compare.ts';
import type { BaselineCase, Verdict } from '../../../src/model.ts';
import { outcome, seen, someCases } from './outcomes.ts';

const ONE = 'pod-to-pod/tcp/v4 node-1 → node-2';
const LISTS = ['newlyBroken', 'fixed', 'stillBroken', 'newlyFlaky', 'added', 'gone'] as const;

/** Then, now, and the one list that the case is in. */
const FATES: [Verdict | 'absent', Verdict | 'absent', (typeof LISTS)[number] | undefined][] = [
  ['passed', 'passed', undefined],
  ['passed', 'failed', 'newlyBroken'],
  ['passed', 'errored', 'newlyBroken'],
  ['passed', 'skipped', 'gone'],
  ['passed', 'absent', 'gone'],
  ['failed', 'passed', 'fixed'],
  ['failed', 'failed', 'stillBroken'],
  ['failed', 'errored', 'stillBroken'],
  ['failed', 'skipped', 'gone'],
  ['errored', 'passed', 'fixed'],
  ['errored', 'failed', 'stillBroken'],
  ['errored', 'absent', 'gone'],
  ['skipped', 'passed', 'added'],
  ['skipped', 'failed', 'newlyBroken'],
  ['skipped', 'skipped', undefined],
  ['skipped', 'absent', undefined],
  ['absent', 'passed', 'added'],
  ['absent', 'failed', 'newlyBroken'],
  ['absent', 'errored', 'newlyBroken'],
  ['absent', 'skipped', undefined],
];

test.each(FATES)('%s then and %s now: %s', (then, now, list) => {
  const cases = (verdict: Verdict | 'absent') => (verdict === 'absent' ? [] : [seen(ONE, verdict)]);
  const comparison = compare(outcome(cases(then)), outcome(cases(now)));
  const found = LISTS.filter((name) => comparison[name].includes(ONE));
  expect(found).toEqual(list === undefined ? [] : [list]);
});

test('flaky now and not then is news; flaky both times, or only then, is none', () => {
  const calm = [seen(ONE, 'passed')];
  const flaky = [seen(ONE, 'passed', { flaky: true })];
  expect(compare(outcome(calm), outcome(flaky)).newlyFlaky).toEqual([ONE]);
  expect(compare(outcome(flaky), outcome(flaky)).newlyFlaky).toEqual([]);
  expect(compare(outcome(flaky), outcome(calm)).newlyFlaky).toEqual([]);
});

test('it says what it was compared with, and not its cases', () => {
  const { against } = compare(outcome([seen(ONE, 'failed')], { exitCode: 1 }), outcome([]));
  expect(against).toEqual({ run: 'before', started: '2026-11-20T09:00:00.000Z', exitCode: 1 });
});

test('runs that were to ask different things: only what both asked is listed, the rest counted', () => {
  const all = [seen('a', 'passed'), seen('b', 'passed'), seen('c', 'failed'), seen('d', 'passed')];
  const only = { only: ['tcp'], skip: [], nodes: { selector: '', exclude: [] }, hostNetwork: true };
  const part = outcome([seen('a', 'failed')], { selection: only });
  const narrower = compare(outcome(all), part);
  expect([narrower.newlyBroken, narrower.gone]).toEqual([['a'], []]);
  expect(narrower.otherSelection).toEqual({ onlyNow: 0, onlyNowBroken: 0, onlyThen: 3 });
  const wider = compare(part, outcome(all));
  expect([wider.fixed, wider.added, wider.newlyBroken]).toEqual([['a'], [], []]);
  expect(wider.otherSelection).toEqual({ onlyNow: 3, onlyNowBroken: 1, onlyThen: 0 });
});

const pairs = fc.tuple(someCases, someCases);
const isBroken = ({ verdict }: BaselineCase) => verdict === 'failed' || verdict === 'errored';

test('a case is in one list at most, and every broken case of now is in just one', () => {
  fc.assert(
    fc.property(pairs, ([then, now]) => {
      const comparison = compare(outcome(then), outcome(now));
      const listed = LISTS.flatMap((name) => comparison[name]);
      expect(new Set(listed).size).toBe(listed.length);
      const told = [...comparison.newlyBroken, ...comparison.stillBroken].sort();
      expect(told).toEqual(
        now
          .filter(isBroken)
          .map(({ id }) => id)
          .sort(),
      );
    }),
  );
});

test('compared with itself, a run has no news', () => {
  fc.assert(
    fc.property(someCases, (cases) => {
      const { against: _, stillBroken, ...news } = compare(outcome(cases), outcome(cases));
      expect(Object.values(news).flat()).toEqual([]);
      expect(stillBroken).toHaveLength(cases.filter(isBroken).length);
    }),
  );
});

test('what is broken from one run to the next is fixed on the way back', () => {
  fc.assert(
    fc.property(pairs, ([then, now]) => {
      const known = new Set(now.filter(({ verdict }) => verdict !== 'skipped').map(({ id }) => id));
      const passedThen = then.filter(({ id, verdict }) => verdict === 'passed' && known.has(id));
      const there = compare(outcome(passedThen), outcome(now));
      const back = compare(outcome(now), outcome(passedThen));
      const brokenFromPassed = there.newlyBroken.filter((id) => passedThen.some((entry) => entry.id === id));
      expect(brokenFromPassed).toEqual(back.fixed);
      expect(there.added).toEqual(
        back.gone.filter((id) => !now.some((one) => one.id === id && isBroken(one))),
      );
    }),
  );
});

test('the order of the cases does not matter', () => {
  fc.assert(
    fc.property(pairs, ([then, now]) => {
      expect(compare(outcome(then.toReversed()), outcome(now.toReversed()))).toEqual(
        compare(outcome(then), outcome(now)),
      );
    }),
  );
});
