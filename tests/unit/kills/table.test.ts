import { expect, test } from 'vitest';
import type { Mended } from '../../../ci/kills/kill.ts';
import { lateLines, lineOf, troubleOf } from '../../../ci/kills/table.ts';
import { WAYS } from '../../../ci/kills/ways.ts';

const NOTHING = { added: [], removed: [], changed: [] };
const LEASE = 'Lease.coordination.k8s.io somebodys/netaccept';
const SECRET = { ...NOTHING, added: ['Secret somebodys/netaccept-token'] };

function mended(change: Partial<Mended> = {}): Mended {
  const objects = { seconds: 0.2, first: NOTHING, left: NOTHING };
  return { exitCode: 0, said: ['nothing of netaccept was found'], seconds: 31, objects, ...change };
}

test('exit code 0 and every object as before is no trouble; it was so at once', () => {
  expect(troubleOf(mended())).toEqual([]);
  expect(lateLines(mended().objects)).toEqual([]);
});

test('an object that stays is trouble, and named', () => {
  expect(troubleOf(mended({ objects: { first: SECRET, left: SECRET } }))).toEqual([
    '+ Secret somebodys/netaccept-token',
  ]);
});

test('one that went a little later is no trouble, and told', () => {
  const objects = { seconds: 2.4, first: SECRET, left: NOTHING };
  expect(troubleOf(mended({ objects }))).toEqual([]);
  expect(lateLines(objects)).toEqual(['until 2 s later: + Secret somebodys/netaccept-token']);
});

test('a clean-up that fails is trouble, with what it said, though nothing is left', () => {
  expect(troubleOf(mended({ exitCode: 3, said: ['error: not gone'] }))).toEqual([
    'exit code 3',
    '  | error: not gone',
  ]);
});

test('a line says what was killed when, what that left, and what became of it', () => {
  const [way] = WAYS;
  if (way === undefined) throw new Error('no ways');
  const killed = {
    at: 12.34,
    phase: 'agents ready: 4 of 12',
    left: { ...SECRET, added: [...SECRET.added, LEASE] },
  };
  const planned = { way, mend: 'clean' as const, moment: 0.4 };
  const record = { number: 7, planned, killed, mended: mended({ objects: { first: SECRET, left: SECRET } }) };
  expect(lineOf(record).trim().split(/ {2,}/)).toEqual([
    ...['7', 'plain', '12.3 s', 'agents ready: 4 of 12', '2', 'yes', 'clean', '0', '31.0', 'NOT'],
  ]);
});
