// Requests that no runner of ours sends: refused with a reason, within the pod's memory, and nothing of them is run.
import { readFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineReader } from '../../src/agent/lines.ts';
import { parseRequest } from '../../src/agent/request.ts';
import type { AgentLine } from '../../src/wire.ts';
import { batchOf, ended, probeOf, startAgent } from './agent.ts';
import { tcpStandIn } from './stand-ins.ts';

const MIB = 1024 * 1024;
/** What an agent's pod has by default, and what its `serve` leaves of that to a batch. */
const POD_KIB = 192 * 1024;
const BATCH_KIB = 128 * 1024;

async function* repeated(head: string, body: string, times: number, tail: string) {
  yield head;
  const block = body.repeat(1000);
  for (let done = 0; done < times; done += 1000) yield block;
  yield tail;
}

/** Writes a request of any size into a real agent; the most memory that it took, and all that it said. */
async function fed(pieces: AsyncIterable<string>) {
  const agent = startAgent('probe');
  const end = ended(agent);
  // An agent that refuses hangs up before it has read all.
  agent.stdin.on('error', () => undefined);
  Readable.from(pieces).pipe(agent.stdin, { end: false });
  let peakKib = 0;
  const timer = setInterval(async () => {
    peakKib = Math.max(peakKib, await peakOf(agent.pid));
  }, 5);
  const { code, out, err } = await end;
  clearInterval(timer);
  const lines = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AgentLine);
  return { code, err, lines, peakKib };
}

async function peakOf(pid = 0): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
}

const PROBE = JSON.stringify(probeOf('tcp', 1));
const [HEAD = '', TAIL = ''] = JSON.stringify(batchOf([])).split('"probes":[]');
const WRONG = JSON.stringify({ ...probeOf('tcp', 1), address: 'web', port: -1, count: 0, attempts: 'x' });

test.each([
  [
    'two million targets',
    () => repeated(`${HEAD}"probes":[${PROBE}`, `,${PROBE}`, 2_000_000, `]${TAIL}\n`),
    /a line of more than \d+ bytes/,
  ],
  [
    '50 MB that never end',
    () => repeated('{"wire":3,"run":"', 'x'.repeat(1000), 50_000, ''),
    /a line of more than \d+ bytes/,
  ],
  [
    'wrong in a hundred thousand places',
    () => repeated(`${HEAD}"probes":[${WRONG}`, `,${WRONG}`, 60_000, `]${TAIL}\n`),
    /malformed: rounds\[0\]\.probes\[0\]\.address must be .* and more$/,
  ],
  [
    'as deep as it is long',
    () => repeated('{"wire":', '[', 2_000_000, `${']'.repeat(2_000_000)}}\n`),
    /nested deeper than any of ours$/,
  ],
  [
    'no list but millions of keys',
    () => repeated('{"wire":3,"run":"r","rounds":{"":0', ',"k":1', 1_000_000, '}}\n'),
    /must be a whole number from 1, got nothing; .* and more$/,
  ],
])(
  '%s: refused at once, in bounded memory, and nobody is probed',
  { timeout: 120_000 },
  async (_, pieces, reason) => {
    const { code, lines, err, peakKib } = await fed(pieces());
    expect(err).toBe('');
    expect(lines).toEqual([{ type: 'refused', message: expect.stringMatching(reason) }]);
    expect(JSON.stringify(lines).length).toBeLessThan(2000);
    expect(code).toBe(3);
    expect(peakKib).toBeGreaterThan(0);
    expect(peakKib).toBeLessThan(POD_KIB);
  },
);

test('the longest request that is taken at all fits into the pod as well', { timeout: 120_000 }, async () => {
  const times = Math.floor((7.8 * MIB) / (PROBE.length + 1));
  const request = `${HEAD.replace('"deadlineMs":60000', '"deadlineMs":0.001')}"probes":[${PROBE}`;
  const { lines, peakKib } = await fed(repeated(request, `,${PROBE}`, times, `]${TAIL}\n`));
  expect(lines.at(-1)).toMatchObject({ type: 'done' });
  expect(peakKib).toBeLessThan(BATCH_KIB);
});

test('one wrong probe among good ones: none of them is sent', async () => {
  let connections = 0;
  const port = await tcpStandIn(() => connections++);
  const good = Array.from({ length: 20 }, (_, index) => probeOf('tcp', port, { case: `${index}` }));
  const request = JSON.stringify(batchOf([...good, { ...probeOf('tcp', port), timeoutMs: -1 }]));
  const { lines, code } = await fed(repeated(request, '', 0, '\n'));
  expect([lines.map(({ type }) => type), code, connections]).toEqual([['refused'], 3, 0]);
});

test('a line that is too long after the first one ends the agent, with the reason', async () => {
  const agent = startAgent('probe');
  const end = ended(agent);
  agent.stdin.on('error', () => undefined);
  agent.stdin.write(`${JSON.stringify(batchOf([]))}\n`);
  agent.stdin.write('x'.repeat(9 * MIB));
  const { code, err } = await end;
  expect([code, err]).toEqual([1, expect.stringMatching(/^a line of more than \d+ bytes came\n$/)]);
});

describe('whatever comes as a request', () => {
  /** Also what JSON can say and no string can show. */
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>({ toString: 1, valueOf: 1 }, { __proto__: null }, 1e308, -0, '\ud800'),
  );
  const probe = fc
    .tuple(fc.constantFrom(...Object.keys(probeOf('tcp', 1)), 'ask', '__proto__'), value)
    .map(([key, what]) => ({ ...probeOf('tcp', 1), [key]: what }));
  const request = fc
    .tuple(
      fc.constantFrom(...Object.keys(batchOf([])), 'wire', 'toString'),
      value,
      fc.array(fc.oneof(probe, value)),
    )
    .map(([key, what, probes]) => ({ ...batchOf(probes as never), [key]: what }));

  test('it is a request in every field, or a refusal in one line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          request.map((one) => JSON.stringify(one)),
          fc.json(),
          fc.string(),
        ),
        (line) => {
          const parsed = parseRequest(line);
          if ('refused' in parsed) {
            expect(parsed.refused.length).toBeLessThan(1500);
            return;
          }
          for (const { probes } of parsed.request.rounds) {
            for (const one of probes) {
              expect(one).toMatchObject({ case: expect.any(String), check: expect.any(String) });
              expect(one.timeoutMs).toBeGreaterThan(0);
              expect(one.attempts * one.count).toBeGreaterThan(0);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('lines come whole however they are cut, up to the one that is too long', async () => {
    const text = fc.array(
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((one) => one.replaceAll('\n', '')),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (sent, size) => {
        const input = new PassThrough();
        const next = lineReader(input, 16);
        const bytes = Buffer.from(sent.map((line) => `${line}\n`).join(''));
        for (let from = 0; from < bytes.length; from += size) input.write(bytes.subarray(from, from + size));
        input.end();
        const fits = sent.findIndex((line) => Buffer.byteLength(line) > 16);
        for (const line of fits === -1 ? sent : sent.slice(0, fits)) expect(await next()).toBe(line);
        if (fits === -1) expect(await next()).toBe('');
        else await expect(next()).rejects.toThrow('a line of more than 16 bytes came');
      }),
    );
  });
});
