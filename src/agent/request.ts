import { isIP } from 'node:net';
import type { Probe, RoundProbes } from '../model.ts';
import { type BatchRequest, ROUNDS, WIRE } from '../wire.ts';
import { isNestedDeeply } from './nesting.ts';

const MOST_TOLD = 5;
/** Node's timers take no more. */
const MAX_MS = 2 ** 31 - 1;

/** The batch in one line of JSON, or every reason why this agent cannot take it. */
export function parseRequest(line: string): { request: BatchRequest } | { refused: string } {
  if (isNestedDeeply(line)) return { refused: 'the request is nested deeper than any of ours' };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { refused: `the request is not one line of JSON: ${(error as Error).message}` };
  }
  if (!isRecord(value)) return { refused: 'the request is not a JSON object' };
  if (value.wire !== WIRE) {
    const wire = shown(value.wire);
    return { refused: `this agent speaks wire ${WIRE}, the request wire ${wire}: use one version of both` };
  }
  // Looked for one by one: of a request that is wrong in a million places the first ones are enough.
  const wrong: string[] = [];
  for (const one of requestWrong(value)) if (wrong.push(one) > MOST_TOLD) break;
  if (wrong.length === 0) return { request: value as unknown as BatchRequest };
  const more = wrong.length > MOST_TOLD ? ' and more' : '';
  return { refused: `the request is malformed: ${wrong.slice(0, MOST_TOLD).join('; ')}${more}` };
}

type Rule = [wanted: string, test: (value: unknown) => boolean];

const text: Rule = ['a non-empty string', (value) => typeof value === 'string' && value !== ''];
const whole: Rule = ['a whole number from 1', (value) => isNumber(value, 1, 1e6) && Number.isInteger(value)];
const milliseconds: Rule = ['milliseconds, more than 0', (value) => isNumber(value, 1e-3, MAX_MS)];
const list: Rule = ['a list', Array.isArray];

const REQUEST_FIELDS: Record<Exclude<keyof BatchRequest, 'wire'>, Rule> = {
  run: text,
  concurrency: whole,
  calmConcurrency: whole,
  perTarget: whole,
  pace: ['a number of probes per second, more than 0', (value) => isNumber(value, 1e-3, 1e6)],
  deadlineMs: milliseconds,
  maxLossPercent: ['a percentage', (value) => isNumber(value, 0, 100)],
  rounds: list,
};

const ROUND_FIELDS: Record<keyof RoundProbes, Rule> = {
  round: [`one of ${ROUNDS.join(', ')}`, (value) => (ROUNDS as readonly unknown[]).includes(value)],
  probes: list,
};

const PROBE_FIELDS: Record<Exclude<keyof Probe, 'ask'>, Rule> = {
  case: text,
  check: text,
  family: ['v4, v6 or absent', (value) => value === 'v4' || value === 'v6' || value === undefined],
  address: [
    'an IP address or empty',
    (value) => value === '' || (typeof value === 'string' && isIP(value) !== 0),
  ],
  port: ['a port', (value) => isNumber(value, 0, 65_535) && Number.isInteger(value)],
  expect: [
    'a list of strings',
    (value) => Array.isArray(value) && value.every((uid) => typeof uid === 'string'),
  ],
  timeoutMs: milliseconds,
  attempts: whole,
  count: whole,
};

function* requestWrong(request: Record<string, unknown>): Generator<string> {
  yield* fieldsWrong(request, REQUEST_FIELDS, '');
  const rounds: unknown[] = Array.isArray(request.rounds) ? request.rounds : [];
  for (const [index, round] of rounds.entries()) yield* roundWrong(round, `rounds[${index}]`);
}

function* roundWrong(round: unknown, where: string): Generator<string> {
  if (!isRecord(round)) return yield `${where} must be an object`;
  yield* fieldsWrong(round, ROUND_FIELDS, `${where}.`);
  const probes: unknown[] = Array.isArray(round.probes) ? round.probes : [];
  for (const [index, probe] of probes.entries()) yield* probeWrong(probe, `${where}.probes[${index}]`);
}

function* probeWrong(probe: unknown, where: string): Generator<string> {
  if (!isRecord(probe)) return yield `${where} must be an object`;
  const wrong = [...fieldsWrong(probe, PROBE_FIELDS, `${where}.`)];
  if (wrong.length > 0 || probe.address === '') return yield* wrong;
  const family = { 4: 'v4', 6: 'v6' }[isIP(String(probe.address))];
  if (family !== probe.family) {
    yield `${where}.address must be of family ${probe.family}, got ${probe.address}`;
  }
}

function* fieldsWrong(
  value: Record<string, unknown>,
  fields: Record<string, Rule>,
  prefix: string,
): Generator<string> {
  for (const [name, [wanted, test]] of Object.entries(fields)) {
    if (!test(value[name])) yield `${prefix}${name} must be ${wanted}, got ${shown(value[name])}`;
  }
}

/** Short whatever came: what is nested a million times deep, nobody can write out. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value);
}

function isNumber(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
