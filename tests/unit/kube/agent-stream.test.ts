// Whatever bytes come in an agent's place: what is handed on, what is called a fault, and what counts as complete.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAgentStream } from '../../../src/kube/agent-stream.ts';
import { exitOf } from '../../../src/kube/exec-status.ts';
import { observation as observationShape } from '../../../src/shapes/seen.ts';
import type { AgentLine } from '../../../src/wire.ts';

const UID = 'uid-1';
const HELLO = { type: 'hello', wire: 3, node: 'n1', pod: 'agent-1', uid: UID };
const PROBES = 3;
const ROUNDS = 2;
const told = (id: string, attempts: unknown = [{ outcome: 'reached' }]) => ({
  type: 'observation',
  observation: { case: id, attempts },
});

function listen(chunks: readonly Buffer[]) {
  const lines: AgentLine[] = [];
  const stream = createAgentStream(UID, { probes: PROBES, rounds: ROUNDS }, (line) => lines.push(line));
  let fault: string | undefined;
  for (const chunk of chunks) fault = stream.push(chunk);
  return { lines, fault, missing: stream.missing() };
}

const bytesOf = (...lines: unknown[]) =>
  Buffer.from(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
const heard = (...lines: unknown[]) => listen([bytesOf(...lines)]);

/** Lines as an agent says them, as a liar would, and no lines at all. */
const anyLine = fc.oneof(
  fc.constantFrom<unknown>(
    HELLO,
    { ...HELLO, uid: 'uid-2' },
    { ...HELLO, wire: 4 },
    told('a'),
    told('b', [{ outcome: 'timed-out', sent: 5, received: 0 }]),
    told('stranger'),
    told('c', []),
    { type: 'round-done', round: 'main' },
    { type: 'probed' },
    { type: 'arrivals', arrived: ['m'], whole: true },
    { type: 'done', count: 1 },
    { type: 'done', count: 2 },
    { type: 'refused', message: 'too hot' },
    { type: 'weather' },
    '{"type":"observ',
  ),
  fc.jsonValue(),
  fc
    .tuple(fc.constantFrom('hello', 'observation', 'arrivals', 'done', 'refused', 'round-done'), fc.object())
    .map(([type, more]) => ({ ...more, type })),
  fc.record({
    type: fc.constant('observation'),
    observation: fc.record({
      case: fc.oneof(fc.constant('a'), fc.jsonValue()),
      attempts: fc.oneof(
        fc.array(fc.oneof(fc.object(), fc.constant({ outcome: 'reached' }))),
        fc.jsonValue(),
      ),
    }),
  }),
);
const garbage = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: anyLine.map((line) => bytesOf(line)) },
      fc.uint8Array().map(Buffer.from),
    ),
  )
  .map((parts) => Buffer.concat(parts));
/** As an agent should speak, but for what is left out, and what it counts. */
const nearlyRight = fc
  .tuple(
    fc.subarray([told('a'), told('b'), { type: 'probed' }, told('c')]),
    fc.nat(4),
    fc.oneof(fc.constant(''), garbage),
  )
  .map(([lines, count, more]) =>
    Buffer.concat([bytesOf(...lines, { type: 'done', count }), Buffer.from(more)]),
  );
const anyBytes = fc.oneof(garbage, nearlyRight).map((rest) => Buffer.concat([bytesOf(HELLO), rest]));
const anyCuts = fc.array(fc.nat(400), { maxLength: 20 });

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places, bytes.length].map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

test('any bytes, cut anywhere: no throw, and the cuts change nothing', () => {
  fc.assert(
    fc.property(anyBytes, anyCuts, (bytes, places) => {
      expect(listen(cut(bytes, places))).toEqual(listen([bytes]));
    }),
    { numRuns: 500 },
  );
});

test('any bytes: what is handed on has the shape of the protocol, comes after the right hello, and is bounded', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const { lines } = listen([bytes]);
      const count = (type: string) => lines.filter((line) => line.type === type).length;
      expect(lines[0] ?? HELLO).toEqual(HELLO);
      for (const line of lines) {
        if (line.type === 'observation')
          expect(observationShape.strict().safeParse(line.observation).success).toBe(true);
      }
      // The one above the limit is evidence against the agent, so it is handed on as well.
      expect(count('observation')).toBeLessThanOrEqual(PROBES + 1);
      expect(count('round-done')).toBeLessThan(ROUNDS);
      for (const type of ['hello', 'probed', 'arrivals', 'done']) expect(count(type)).toBeLessThan(2);
    }),
    { numRuns: 500 },
  );
});

test('any bytes: complete is only what ends with done, after as many observations as it counts', () => {
  let complete = 0;
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const { lines, fault, missing } = listen([bytes]);
      if (fault !== undefined || missing !== undefined) return;
      complete++;
      const last = lines.at(-1);
      const observed = lines.filter(({ type }) => type === 'observation').length;
      expect(last).toEqual({ type: 'done', count: observed });
      expect(bytes.at(-1)).toBe(10);
    }),
    { numRuns: 2000 },
  );
  expect(complete).toBeGreaterThan(0);
});

test('any text as an exit status: success is only what says Success', () => {
  const status = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ status: fc.oneof(fc.constant('Success'), fc.jsonValue()) })
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(status, (text) => {
      let success = false;
      try {
        success = exitOf(text)?.success ?? false;
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect(success).toBe(success && JSON.parse(text).status === 'Success');
    }),
  );
});

describe('an attempt is believed only in the shape of the model', () => {
  test.each([
    ['an outcome that there is not', { outcome: 'fine' }],
    ['nobody as the responder', { outcome: 'reached', responder: null }],
    ['a responder without a UID', { outcome: 'reached', responder: { node: 'n', pod: 'p' } }],
    ['a time in words', { outcome: 'reached', rttMs: 'fast' }],
    ['more than any number', '{"outcome":"reached","received":1e999}'],
    ['a cause that there is not', { outcome: 'unobserved', cause: 'rain' }],
  ])('%s', (_, attempt) => {
    const text = typeof attempt === 'string' ? attempt : JSON.stringify(attempt);
    const line = `{"type":"observation","observation":{"case":"a","attempts":[${text}]}}`;
    const { lines, fault } = heard(HELLO, line);
    expect(lines).toEqual([HELLO]);
    expect(fault).toMatch(/^the agent said something else than its protocol: /);
  });

  test('what it says beyond that goes no further', () => {
    const { lines } = heard(HELLO, told('a', [{ outcome: 'reached', verdict: 'passed' }]));
    expect(lines[1]).toEqual(told('a'));
  });
});

test.each([
  ['hello', HELLO, []],
  ['round-done', { type: 'round-done', round: 'main' }, [{ type: 'round-done', round: 'main' }]],
  ['probed', { type: 'probed' }, [{ type: 'probed' }]],
  [
    'arrivals',
    { type: 'arrivals', arrived: [], whole: true },
    [{ type: 'arrivals', arrived: [], whole: true }],
  ],
])('%s is taken as often as the protocol has it, and no more', (type, line, once) => {
  expect(heard(HELLO, ...once).fault).toBeUndefined();
  const { fault, lines } = heard(HELLO, ...once, line);
  expect(fault).toBe(`the agent said ${type} more often than it can have to`);
  expect(lines).toEqual([HELLO, ...once]);
});

test('a second word on the same case is handed on, also the one that is too many', () => {
  const lost = told('c', [{ outcome: 'timed-out' }]);
  const { lines, fault } = heard(HELLO, told('a'), told('b'), told('c'), lost, told('d'));
  expect(lines.slice(1)).toEqual([told('a'), told('b'), told('c'), lost]);
  expect(fault).toBe('the agent told more than the 3 observations it was asked for');
});

test('after a fault nothing is heard any more', () => {
  const { lines, fault } = listen([
    bytesOf(HELLO, 'garbage'),
    bytesOf(told('a')),
    bytesOf({ type: 'done', count: 1 }),
  ]);
  expect(lines).toEqual([HELLO]);
  expect(fault).toBe('the agent said something else than its protocol: "garbage"');
});

test.each<[string, unknown[], string]>([
  [
    'another version',
    [{ ...HELLO, wire: 4 }],
    'the agent speaks version 4 of the protocol, not 3: its image does not fit',
  ],
  ['another pod', [{ ...HELLO, uid: 'uid-2' }], 'pod agent-1 (uid-2) on n1 answered instead of pod uid-1'],
  ['no hello', [told('a')], 'the agent did not say who it is first'],
  ['a refusal', [{ type: 'refused', message: 'too hot' }], 'the agent refused the batch: too hot'],
  ['more after done', [HELLO, { type: 'done', count: 0 }, told('a')], 'the agent went on after it said done'],
  [
    'a long line that is none',
    [HELLO, 'y'.repeat(300)],
    `the agent said something else than its protocol: "${'y'.repeat(200)}"`,
  ],
  ['a line without an end', [HELLO, 'y'.repeat(65_537)], 'the agent sent a line of more than 65536 bytes'],
])('%s is a fault, in these words', (_, lines, words) => {
  const { fault, missing } = heard(...lines);
  expect([fault, missing]).toEqual([words, words]);
});

test('the longest line that is taken', () => {
  const { fault, lines } = heard(
    HELLO,
    JSON.stringify({ type: 'x', y: '' }).replace('""', `"${'y'.repeat(65_536 - 19)}"`),
  );
  expect([fault, lines.length]).toEqual([undefined, 2]);
});

test.each<[string, unknown[], string, string | undefined]>([
  ['nothing', [], '', 'the agent said nothing'],
  ['no done', [HELLO, told('a')], '', 'the agent ended after 1 observations without saying done'],
  [
    'another count',
    [HELLO, told('a'), { type: 'done', count: 2 }],
    '',
    'the agent says it sent 2 observations, 1 arrived',
  ],
  ['a cut line', [HELLO], 'z'.repeat(300), `the agent's last line is cut off: "${'z'.repeat(200)}"`],
  ['nothing more', [HELLO, { type: 'weather' }, told('a'), { type: 'done', count: 1 }], '', undefined],
])('%s is missing, in these words', (_, lines, rest, words) => {
  expect(listen([Buffer.concat([bytesOf(...lines), Buffer.from(rest)])])).toMatchObject({
    fault: undefined,
    missing: words,
  });
});
