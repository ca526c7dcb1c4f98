// Any text in the file, the environment and the flags: settings, or a SetupError that names what is wrong.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { variableOf } from '../../../src/config/environment.ts';
import { keysOf } from '../../../src/config/keys.ts';
import type { LoadInput } from '../../../src/config/load.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { SetupError } from '../../../src/errors.ts';
import { configs, knownNames, load } from './loading.ts';

const FULL = readFileSync(join(configs, 'good/full.yaml'), 'utf8');
const variables = keysOf(configSchema(knownNames)).map(({ path }) => variableOf(path));

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'config-fuzz-'));
});
afterAll(() => rm(cwd, { recursive: true }));

/** Loads, and returns the sentences of the refusal; none if there are settings. */
async function refusal(text: string | Buffer, input: Partial<LoadInput> = {}): Promise<string[]> {
  await writeFile(join(cwd, 'netaccept.yaml'), text);
  try {
    const { settings } = await load({ cwd, ...input });
    expect(Object.keys(settings)).toContain('probe');
    expect(Object.getPrototypeOf(settings.probe)).toBe(Object.prototype);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(SetupError);
    const { problems } = error as SetupError;
    expect(problems.length).toBeGreaterThan(0);
    for (const { code, message } of problems) {
      expect(code).toBe('config');
      expect(message).toMatch(/netaccept\.yaml|NETACCEPT_|--|the defaults/);
      expect(message).not.toMatch(/\[object |Cannot read|is not a function|not iterable|Invalid input/);
    }
    return problems.map(({ message }) => message);
  } finally {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  }
}

type Path = (string | number)[];

/** Every place in a tree that holds something. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...steps.flatMap((step) => placesIn(Reflect.get(value, step), [...path, step]))];
}

function changed(tree: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const copy = structuredClone(tree) as object;
  const inner = changed(Reflect.get(copy, step), rest, value);
  // Not by assignment: `__proto__` shall become a key, as JSON and YAML make it one.
  Object.defineProperty(copy, step, { value: inner, enumerable: true, configurable: true, writable: true });
  return copy;
}

const tree: unknown = parse(FULL);
const places = placesIn(tree);
const evil = fc.constantFrom<unknown>(
  { __proto__: { polluted: true } },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ['__proto__'],
  '__proto__',
  { toString: 1, valueOf: 1, length: 1e9 },
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  2 ** 53,
  '\0',
  '$HOME',
  '../'.repeat(50),
  new Date(0),
);
const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), evil, fc.string({ unit: 'binary', maxLength: 30 }));
const place = fc.constantFrom(...places);
const extra = fc
  .tuple(place, fc.constantFrom('__proto__', 'constructor', 'toString', 'x', '0', ''))
  .map(([path, key]) => [...path, key]);

function rebuilt(path: Path, what: unknown): unknown {
  try {
    return changed(tree, path, what);
  } catch {
    // A key below what is no mapping.
    return changed(tree, path.slice(0, -1), what);
  }
}

test('any value at any place of a whole file', async () => {
  let good = 0;
  let bad = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(place, extra), value, fc.boolean(), async (path, what, asJson) => {
      const made = rebuilt(path, what);
      const said = await refusal(asJson ? `${JSON.stringify(made)}` : stringify(made));
      if (said.length === 0) good++;
      else bad++;
    }),
    { numRuns: 400 },
  );
  expect(Math.min(good, bad)).toBeGreaterThan(10);
});

test('a slip of the pen anywhere in a whole file', async () => {
  const text = fc.constantFrom(
    '',
    '  ',
    '\t',
    '- ',
    ': ',
    '{',
    ']',
    '"',
    "'",
    '*a',
    '&a ',
    '!!binary ',
    '<<: ',
    '#',
    '\0',
    '|',
    '%',
    '---\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(FULL.length), fc.nat(6), text, (at, cut, slip) =>
      refusal(FULL.slice(0, at) + slip + FULL.slice(at + cut)).then(() => true),
    ),
    { numRuns: 250 },
  );
});

test('any bytes', () =>
  fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array().map(Buffer.from), fc.string(), fc.json()), (bytes) =>
      refusal(Buffer.from(bytes)).then(() => true),
    ),
  ));

test('any variables and any flags, several at once', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom('1', '2s', 'true', 'tcp,udp', '[', '{a: [', '*x', '!!js x', '-1'),
  );
  const env = fc.dictionary(fc.constantFrom(...variables), text, { maxKeys: 4 });
  const flags = fc.record(
    {
      ...Object.fromEntries(
        ['namespace', 'nodes', 'out', 'keepRuns', 'kubeconfig', 'context'].map((flag) => [flag, text]),
      ),
      only: fc.oneof(text, fc.array(text)),
      skip: fc.oneof(text, fc.array(text)),
      keep: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(env, flags, (env, flags) => refusal('', { env, flags }).then(() => true)),
    { numRuns: 250 },
  );
});

test('a key of every object is not a setting', async () => {
  for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const said = await refusal(`{"probe":{"${key}":{"polluted":true}},"${key}":{"polluted":true}}`);
    expect(said.filter((sentence) => sentence.includes(key))).toHaveLength(2);
  }
});

// Nothing is timed: a pattern that takes a power of the length would outlive the test.
test.each([
  'a',
  'a-',
  'a.',
  '-',
  '1',
  '1.',
  '/',
  'a/',
  ':',
  '[',
  ',',
  'a=b,',
  'a in (b),',
  ' ',
  '%',
  '@',
  '://',
  '\t',
  '1m',
  '::',
])('100 kB of %j wherever a text may be', async (piece) => {
  const long = `${piece.repeat(100_000 / piece.length)}!`;
  const texts = places.filter(
    (path) => typeof path.reduce<unknown>((at, step) => Reflect.get(at as object, step), tree) === 'string',
  );
  const made = texts.reduce<unknown>((whole, path) => changed(whole, path, long), tree);
  const said = await refusal(JSON.stringify(made));
  expect(said.length).toBeGreaterThan(10);
  // Nor is it told in full.
  for (const sentence of said) expect(sentence.length).toBeLessThan(3000);
});

test.each([
  ['deep', `a: ${'['.repeat(50_000)}`],
  ['deep JSON', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ['wide', Array.from({ length: 5000 }, (_, i) => `k${i}: 1`).join('\n')],
  [
    'a bomb',
    Array.from(
      { length: 30 },
      (_, i) =>
        `a${i}: &a${i} [${
          i === 0
            ? 'x'
            : Array(9)
                .fill(`*a${i - 1}`)
                .join()
        }]`,
    ).join('\n'),
  ],
])('one that is %s ends in a refusal', async (_, text) => {
  expect((await refusal(text)).length).toBeGreaterThan(0);
});
