import type { RunResult } from '../model.ts';
import { bytewise, sortedBy } from '../order.ts';
import { inChunks } from './chunks.ts';
import { countVerdicts, type VerdictCounts } from './counts.ts';
import { problemsOf } from './problems.ts';

/** Grows when a reader of the older form could misread the newer one. New optional keys alone do not change it. */
export const RESULT_SCHEMA = 1;
/** Names docs/schemas/report-1.schema.json, wherever that is kept. */
export const SCHEMA_ID = 'urn:netaccept:report:1';

export interface ReportDocument extends RunResult {
  $schema: typeof SCHEMA_ID;
  schema: typeof RESULT_SCHEMA;
  counts: VerdictCounts;
}

/**
 * The result as `report.json` and `--json` have it: the model's own fields, `schema` first and `counts` beside
 * them. Cases and controls bytewise by id, keys in one order whoever built the result, one item of a list a line,
 * so two runs can be diffed. In pieces: millions of verdicts are longer than a string can be.
 */
export function resultChunks(result: RunResult): Iterable<string> {
  return inChunks(pieces(documentOf(result), ''), '\n');
}

/** A line of `verdicts.jsonl` for each case, as the judges returned them. */
export function verdictLines({ verdicts }: RunResult): Iterable<string> {
  return inChunks(lines(verdicts));
}

function documentOf(result: RunResult): ReportDocument {
  return {
    ...result,
    $schema: SCHEMA_ID,
    schema: RESULT_SCHEMA,
    counts: countVerdicts(result.verdicts),
    problems: problemsOf(result),
    controls: sortedBy(result.controls, (entry) => entry.control.id),
    verdicts: sortedBy(result.verdicts, (entry) => entry.case.id),
  };
}

function* lines(items: Iterable<unknown>): Generator<string, void, undefined> {
  for (const item of items) yield `${JSON.stringify(item)}\n`;
}

/** Objects over several lines; an item of a list on one, however much is in it. */
function* pieces(value: unknown, indent: string): Generator<string, void, undefined> {
  const inner = `${indent}  `;
  let separator = '\n';
  if (Array.isArray(value) && value.length > 0) {
    yield '[';
    for (const item of value) {
      yield `${separator}${inner}${JSON.stringify(inOrder(item))}`;
      separator = ',\n';
    }
    yield `\n${indent}]`;
  } else if (isObject(value)) {
    yield '{';
    for (const [key, each] of entriesInOrder(value)) {
      yield `${separator}${inner}${JSON.stringify(key)}: `;
      yield* pieces(each, inner);
      separator = ',\n';
    }
    yield `\n${indent}}`;
  } else yield JSON.stringify(value);
}

/** What a reader looks for first, and the long lists last; what is not listed is between, bytewise. */
const FIRST = [
  ...['$schema', 'schema', 'exitCode', 'id', 'case', 'control', 'name'],
  ...['verdict', 'state', 'outcome', 'reason', 'sentence'],
];
const LAST = ['attempts', 'counts', 'groups', 'problems', 'controls', 'verdicts'];
const RANKS = new Map([
  ...FIRST.map((key, at) => [key, at - FIRST.length] as const),
  ...LAST.map((key, at) => [key, at + 1] as const),
]);

/** The same value with its keys in order all the way down. A replacer would do, but is several times slower. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  return Object.fromEntries(entriesInOrder(value).map(([key, each]) => [key, inOrder(each)]));
}

function entriesInOrder(value: object): [string, unknown][] {
  const fields = value as Record<string, unknown>;
  return keysInOrder(Object.keys(fields)).flatMap((key): [string, unknown][] =>
    fields[key] === undefined ? [] : [[key, fields[key]]],
  );
}

/** Verdicts have the same few sets of keys, over and over; names of checks and whatever a check found do not. */
const ORDERS = new Map<string, readonly string[]>();
const ORDERS_KEPT = 500;

function keysInOrder(keys: readonly string[]): readonly string[] {
  const set = keys.join('\n');
  const known = ORDERS.get(set);
  if (known !== undefined) return known;
  const order = keys.toSorted((a, b) => rank(a) - rank(b) || bytewise(a, b));
  if (ORDERS.size < ORDERS_KEPT) ORDERS.set(set, order);
  return order;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rank(key: string): number {
  return RANKS.get(key) ?? 0;
}
