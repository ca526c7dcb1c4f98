import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { judged } from '../../../fixtures/recordings/judged.ts';
import { recordInto } from '../../../fixtures/recordings/recorded.ts';
import { withClusterServices } from '../../../fixtures/topologies/cluster-services.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { withServices } from '../../../fixtures/topologies/with-services.ts';
import { checks } from '../../../src/checks/registry.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { CaseVerdict, RunResult } from '../../../src/model.ts';
import { type ReportDocument, resultChunks, verdictLines } from '../../../src/report/json.ts';
import { reportJsonSchema, type reportShape } from '../../../src/report/schema/report.ts';
import { readRecordedRun } from '../../../src/run/recording.ts';
import { caseOf, passed, RESULTS, result } from './results.ts';
import { complaintsOf, published } from './schema.ts';

const written = (run: RunResult): unknown => JSON.parse(Array.from(resultChunks(run)).join(''));

test('what is published is what the code says: npm run docs', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
});

test('RunResult and the schema are one shape: tsc fails here if either has a field that the other has not', () => {
  expectTypeOf<z.output<typeof reportShape>>().toEqualTypeOf<ReportDocument>();
});

describe.each(Object.entries(RESULTS))('%s', (_, run) => {
  test('is valid as a report', () => expect(complaintsOf('report', written(run))).toEqual([]));

  test('is valid line by line', () => {
    const lines = Array.from(verdictLines(run)).join('').split('\n').slice(0, -1);
    expect(lines).toHaveLength(run.verdicts.length);
    for (const line of lines) expect(complaintsOf('verdict', JSON.parse(line))).toEqual([]);
  });
});

test('a recorded run is valid, as its judges really return it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'schema-'));
  await recordInto(dir, 2);
  const run = judged(await readRecordedRun(dir));
  expect(new Set(run.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['passed']));
  expect(complaintsOf('report', written(run))).toEqual([]);
});

test('every check’s cases on four Nodes are valid, though nothing was seen of them', () => {
  const topology = withClusterServices(withServices(dualStack(4)));
  const chosen = settings();
  const run = judged({
    header: {
      ...{ schema: 1, run: 'r', tool: '0', started: '2026-11-20T09:00:00.000Z', cluster: 'c', version: 'v1' },
      ...{ settings: chosen, topology, problems: [] },
    },
    cases: expandMatrix(checks, topology, chosen),
    journal: [],
    resumes: [],
  });
  expect(run.verdicts.length).toBeGreaterThan(1000);
  expect(complaintsOf('report', written(run))).toEqual([]);
});

/** Every field that there is, once. */
const FULL = fullReport();

describe('the schema is strict', () => {
  test('about nothing that is right', () => expect(complaintsOf('report', FULL)).toEqual([]));

  const places = [...objectsIn(FULL)];
  test.each(places)('an unknown field at %s', (_, keys) => {
    expect(
      complaintsOf(
        'report',
        changed(keys, (object) => ({ ...object, unknown: 1 })),
      ),
    ).not.toEqual([]);
  });

  const fields = places.flatMap(([place, keys, object]) =>
    Object.keys(object).map((key): [string, string, Path] => [place, key, keys]),
  );
  test.each(fields)('at %s, another name for %s', (_, key, keys) => {
    const renamed = ({ [key]: value, ...rest }: Fields) => ({ ...rest, [`${key}s`]: value });
    expect(complaintsOf('report', changed(keys, renamed))).not.toEqual([]);
  });

  const required = fields.filter(([place, key]) => !OPTIONAL.has(`${place.split('.').at(-1)}.${key}`));
  test.each(required)('at %s, no %s', (_, key, keys) => {
    const without = ({ [key]: _gone, ...rest }: Fields) => rest;
    expect(complaintsOf('report', changed(keys, without))).not.toEqual([]);
  });

  test.each(['verdict', 'reason', 'arrival'])('a word that %s does not have', (key) => {
    const keys: Path = ['verdicts', 0];
    expect(
      complaintsOf(
        'report',
        changed(keys, (entry) => ({ ...entry, [key]: 'perhaps' })),
      ),
    ).not.toEqual([]);
  });
});

test('every field has a description, its own or that of its shape', () => {
  const definitions = published.$defs as Record<string, Fields>;
  const described = (field: Fields) =>
    'description' in field ||
    'description' in (definitions[String(field.$ref).split('/').at(-1) ?? ''] ?? {});
  const fields = [...fieldsIn(published)];
  expect(fields.length).toBeGreaterThan(100);
  expect(fields.filter(([, field]) => !described(field)).map(([name]) => name)).toEqual([]);
});

type Fields = Record<string, unknown>;
type Path = (string | number)[];

const OPTIONAL = new Set([
  ...['report.proofs', 'report.comparison', 'problems.hint'],
  ...[
    'case.family',
    'case.locality',
    'case.about',
    'case.expect',
    'case.skip',
    'target.node',
    'target.network',
  ],
  ...['verdicts.aimedAt', 'verdicts.tookMs', 'verdicts.rttMs', 'verdicts.arrival', 'verdicts.measured'],
  ...['cause', 'rttMs', 'responder', 'seen', 'sent', 'received', 'responders'].map(
    (key) => `attempts.${key}`,
  ),
  ...['attempts.measured', 'attempts.found', 'attempts.detail'],
  ...['rttMs', 'lossPercent', 'pathMtu', 'tookMs'].map((key) => `measured.${key}`),
]);

function fullReport(): Fields {
  const measured = { rttMs: { min: 1, p50: 1, p95: 2, max: 3 }, lossPercent: 0, pathMtu: 1450, tookMs: 2 };
  const responder = { node: 'b', pod: 'p', uid: 'u' };
  const verdict: CaseVerdict = {
    ...passed({ ...caseOf('a', 'b'), about: { kind: 'x' }, expect: 'blocked', skip: 'rule' }),
    attempts: [
      {
        ...{
          outcome: 'unobserved',
          cause: 'no-reply',
          rttMs: 1,
          responder,
          seen: '::1',
          sent: 2,
          received: 1,
        },
        ...{ responders: [responder], measured, found: { any: ['thing'] }, detail: 'EPERM' },
      },
    ],
    tookMs: 3,
    arrival: 'some',
    measured,
  };
  const against = { run: 'earlier', started: '2026-11-19T09:00:00.000Z', exitCode: 1 };
  const slower = [{ id: verdict.case.id, beforeMs: 1, afterMs: 9 }];
  const lists = { newlyBroken: ['x'], fixed: [], stillBroken: [], newlyFlaky: [], added: [], gone: [] };
  const { findings } = RESULTS['one-way-fault'].diagnosis;
  return written(
    result({
      excluded: [{ node: 'c', rule: 'named in nodes.exclude' }],
      notes: ['Node a is cordoned'],
      diagnosis: { findings, unexplained: ['y'] },
      comparison: { against, slower, ...lists },
      resumes: [{ started: '2026-11-20T10:00:00.000Z', seconds: 3, cases: 4, passed: 2 }],
      problems: [{ code: 'c', message: 'm', hint: 'h' }],
      verdicts: [verdict],
    }),
  ) as Fields;
}

/** Each object whose fields the schema names, with the place and the keys that lead there: the first of each list. */
function* objectsIn(value: unknown, place = 'report', keys: Path = []): Iterable<[string, Path, Fields]> {
  if (Array.isArray(value)) yield* objectsIn(value[0], place, [...keys, 0]);
  else if (typeof value === 'object' && value !== null) {
    yield [place, keys, value as Fields];
    for (const [key, each] of Object.entries(value)) {
      // Open on purpose: names of checks, what tells cases apart, and what a check has found.
      if (!['proofs', 'about', 'found'].includes(key))
        yield* objectsIn(each, `${place}.${key}`, [...keys, key]);
    }
  }
}

function changed(keys: Path, change: (object: Fields) => Fields): Fields {
  const walk = (value: unknown, [step, ...more]: Path): unknown => {
    if (step === undefined) return change(value as Fields);
    if (Array.isArray(value)) return value.with(Number(step), walk(value[Number(step)], more));
    return { ...(value as Fields), [step]: walk((value as Fields)[step], more) };
  };
  return walk(FULL, keys) as Fields;
}

/** Every entry of every `properties` of a schema. */
function* fieldsIn(schema: unknown): Iterable<[string, Fields]> {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties } = schema as { properties?: Record<string, Fields> };
  if (properties !== undefined) yield* Object.entries(properties);
  for (const each of Object.values(schema)) yield* fieldsIn(each);
}
