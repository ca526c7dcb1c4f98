// A journal as a crash, a full disk or a careless hand leaves it: nothing in it may look better than it was.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { judged } from '../../../fixtures/recordings/judged.ts';
import { healthy, recordInto } from '../../../fixtures/recordings/recorded.ts';
import type { Attempt, Probe, Verdict } from '../../../src/model.ts';
import { linesOf } from '../../../src/run/long-lines.ts';
import { journalPath, type RecordedRun, readRecordedRun } from '../../../src/run/recording.ts';

const SILENT = 'pod-to-pod/udp/v6 node-1 → node-2';
const WRONG = 'pod-to-pod/tcp/v4 node-2 → node-1';
const LOST = 'node-to-node/tcp/v4 node-2 → node-1';
const CRASHED = 'node-to-pod/http/v4 node-1 → node-2';

let dir = '';
/** The lines of a run with every verdict in it, and those of another run over the same cases, all of it green. */
let own: string[] = [];
let foreign: string[] = [];
let recording: RecordedRun;
let undamaged: Map<string, Verdict>;

// Not beforeAll: what runs outside of any test counts for mutation testing as run by all of them.
beforeEach(async () => {
  if (dir !== '') return;
  dir = await mkdtemp(join(tmpdir(), 'damaged-'));
  const other = await mkdtemp(join(tmpdir(), 'damaged-'));
  await recordInto(dir, 2, ofAllKinds);
  await recordInto(other, 2, healthy, { run: 'another' });
  own = (await readFile(journalPath(dir), 'utf8')).trimEnd().split('\n');
  foreign = (await readFile(journalPath(other), 'utf8')).trimEnd().split('\n');
  recording = await readRecordedRun(dir);
  const { verdicts } = judged(recording);
  undamaged = new Map(verdicts.map((one) => [one.case.id, one.verdict]));
  expect([SILENT, WRONG, LOST, CRASHED].map((id) => undamaged.get(id))).toEqual([
    'failed',
    'failed',
    'errored',
    'errored',
  ]);
});

function ofAllKinds(probe: Probe): Attempt | undefined {
  if (probe.case === LOST) return undefined;
  if (probe.case === SILENT) return { outcome: 'timed-out', sent: 5, received: 0 };
  if (probe.case === WRONG) return { ...healthy(probe), responder: { node: 'x', pod: 'y', uid: 'z' } };
  if (probe.case === CRASHED) return { outcome: 'unobserved', cause: 'probe-crashed' };
  return healthy(probe);
}

async function verdictsFrom(journal: string | Buffer): Promise<Map<string, Verdict>> {
  await writeFile(journalPath(dir), journal);
  const { verdicts, exitCode, problems } = judged(await readRecordedRun(dir));
  expect(problems).toEqual([]);
  expect(exitCode).not.toBe(0);
  return new Map(verdicts.map((one) => [one.case.id, one.verdict]));
}

/** Law 4 and law 2: as many cases as before, each as it was or errored. */
function expectNothingBetter(after: ReadonlyMap<string, Verdict>): void {
  expect([...after.keys()]).toEqual([...undamaged.keys()]);
  const changed = [...after].filter(([id, verdict]) => verdict !== undamaged.get(id));
  expect(changed.filter(([, verdict]) => verdict !== 'errored')).toEqual([]);
}

type Damage = (lines: string[]) => string[];
const at = (lines: string[], place: number) => place % Math.max(1, lines.length);
const anywhere = fc.nat(10_000);

const damage: fc.Arbitrary<Damage> = fc.oneof(
  anywhere.map(
    (n): Damage =>
      (lines) =>
        lines.toSpliced(at(lines, n), 1),
  ),
  anywhere.map(
    (n): Damage =>
      (lines) =>
        lines.toSpliced(at(lines, n), 0, lines[at(lines, n)] ?? ''),
  ),
  fc.tuple(anywhere, anywhere).map(
    ([from, to]): Damage =>
      (lines) =>
        lines.toSpliced(at(lines, from), 1).toSpliced(at(lines, to), 0, lines[at(lines, from)] ?? ''),
  ),
  // Torn in the middle: what follows is written right behind it.
  fc.tuple(anywhere, anywhere).map(
    ([n, k]): Damage =>
      (lines) => {
        const line = lines[at(lines, n)] ?? '';
        return lines.with(
          at(lines, n),
          line.slice(0, k % (line.length + 1)) + (lines[at(lines, n) + 1] ?? ''),
        );
      },
  ),
  fc.tuple(anywhere, anywhere).map(
    ([n, k]): Damage =>
      (lines) => {
        const line = lines[at(lines, n)] ?? '';
        const from = k % (line.length + 1);
        return lines.with(at(lines, n), line.slice(0, from) + '\0'.repeat(40) + line.slice(from + 40));
      },
  ),
  fc.tuple(anywhere, anywhere).map(
    ([n, k]): Damage =>
      (lines) =>
        lines.toSpliced(at(lines, n), 0, foreign[at(foreign, k)] ?? ''),
  ),
  fc.tuple(anywhere, fc.oneof(fc.string(), fc.json(), junkEntry())).map(
    ([n, text]): Damage =>
      (lines) =>
        lines.toSpliced(at(lines, n), 0, text),
  ),
);

/** JSON with the words of the journal in it, and none of its sense. */
function junkEntry(): fc.Arbitrary<string> {
  const types = ['observation', 'batch-ended', 'arrivals', 'agents-after', 'nodes-after', 'interrupted', 'x'];
  const keys = ['observation', 'case', 'attempts', 'source', 'agents', 'nodes', 'at', 'arrived', 'absent'];
  const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()));
  return fc
    .tuple(
      fc.constantFrom(...types),
      fc.constantFrom('recorded', 'another', undefined),
      fc.dictionary(fc.constantFrom(...keys), value),
    )
    .map(([type, run, more]) => JSON.stringify({ ...more, type, run }));
}

test(
  'whatever happened to its lines, no case is lost and none is better than it was',
  { timeout: 120_000 },
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(damage, { minLength: 1, maxLength: 8 }),
        fc.nat(200),
        async (damages, torn) => {
          const lines = damages.reduce((all, one) => one(all), own);
          const text = `${lines.join('\n')}\n`;
          expectNothingBetter(await verdictsFrom(text.slice(0, Math.max(0, text.length - torn))));
        },
      ),
      { numRuns: 150 },
    ),
);

test('every place at which the last line may be torn', async () => {
  const last = own.filter((line) => line.includes('"observation"')).at(-1) ?? '';
  const rest = own.filter((line) => line !== last);
  for (let length = 0; length < last.length; length++) {
    expectNothingBetter(await verdictsFrom([...rest, last.slice(0, length)].join('\n')));
  }
});

describe('what is said twice', () => {
  test('in the same words is said once', async () => {
    expect(await verdictsFrom([...own, ...own, ''].join('\n'))).toEqual(undamaged);
  });

  test.each(['before', 'after'])(
    'and otherwise, is believed neither way: the pass %s the failure',
    async (where) => {
      const line = own.find((one) => one.includes(SILENT)) ?? '';
      const pass = (foreign.find((one) => one.includes(SILENT)) ?? '').replace('"another"', '"recorded"');
      expect(pass).toContain('"reached"');
      const index = own.indexOf(line) + (where === 'after' ? 1 : 0);
      const after = await verdictsFrom(own.toSpliced(index, 0, pass).join('\n'));
      expect(after).toEqual(new Map(undamaged).set(SILENT, 'errored'));
    },
  );
});

test('another run’s journal in its place proves nothing, though it is of the same cases and pods', async () => {
  const after = await verdictsFrom(foreign.join('\n'));
  expect(new Set(after.values())).toEqual(new Set(['errored']));
});

test('a block of NULs, as a crash leaves it at the end of a file, costs its own lines only', async () => {
  const whole = Buffer.from(own.join('\n'));
  expectNothingBetter(await verdictsFrom(whole.fill(0, whole.length - 4096)));
});

test('a line of megabytes costs itself only', async () => {
  const huge = `{"run":"recorded","type":"observation","observation":"${'x'.repeat(8 * 1024 * 1024)}"}`;
  expect(await verdictsFrom(own.toSpliced(5, 0, huge).join('\n'))).toEqual(undamaged);
});

describe('lines of a stream', () => {
  const read = async (text: string, size: number, most: number) => {
    const bytes = Buffer.from(text);
    async function* chunks() {
      for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
    }
    const lines: string[] = [];
    for await (const line of linesOf(chunks(), most)) lines.push(line);
    return lines;
  };

  test('are the same however it is cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 9 }),
        async (text, size) => {
          expect(await read(text, size, 1000)).toEqual(text.split('\n'));
        },
      ),
    ));

  test('are left out whole where they are too long, and those around them stay', async () => {
    for (const size of [1, 2, 3, 5, 100]) {
      expect(await read('12345\n123456\n{}\n1234567890', size, 5)).toEqual(['12345', '', '{}', '']);
    }
  });
});
