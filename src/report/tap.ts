import type { CaseVerdict, ControlVerdict, RunResult } from '../model.ts';
import { sortedBy } from '../order.ts';
import { inChunks } from './chunks.ts';
import { evidenceLines } from './evidence.ts';
import { legible } from './legible.ts';
import { problemsOf } from './problems.ts';

interface TestPoint {
  ok: boolean;
  name: string;
  /** The rule that skipped it. */
  skip?: string;
  /** Keys and texts of its YAML block; a list is a list there. */
  about?: Record<string, string | string[]>;
}

/**
 * The run as TAP 14, in pieces: each control, then each case, bytewise by id, then the run's problems. TAP knows no
 * "could not tell": an errored case is `not ok` and its block says so. A run that judged nothing bails out.
 */
export function tapChunks(result: RunResult): Iterable<string> {
  return inChunks(lines(result));
}

function* lines(result: RunResult): Generator<string, void, undefined> {
  const problems = problemsOf(result);
  yield 'TAP version 14\n';
  if (result.verdicts.length === 0) {
    yield `Bail out! ${escaped(problems.map(({ message }) => message.replace(/\s*\n\s*/g, '; ')).join('; '))}\n`;
    return;
  }
  const points = result.controls.length + result.verdicts.length + (problems.length > 0 ? 1 : 0);
  yield `1..${points}\n`;
  let number = 0;
  for (const point of pointsOf(result)) {
    number += 1;
    const skip = point.skip === undefined ? '' : ` # SKIP ${escaped(point.skip)}`;
    yield `${point.ok ? 'ok' : 'not ok'} ${number} - ${escaped(point.name)}${skip}\n`;
    if (point.about !== undefined) yield yamlBlock(point.about);
  }
}

function* pointsOf(result: RunResult): Generator<TestPoint, void, undefined> {
  for (const entry of sortedBy(result.controls, ({ control }) => control.id)) yield controlPoint(entry);
  for (const entry of sortedBy(result.verdicts, (verdict) => verdict.case.id)) {
    yield casePoint(entry, result.proofs?.[entry.case.check]);
  }
  const problems = problemsOf(result);
  if (problems.length === 0) return;
  const messages = problems.map(({ code, message }) => `[${code}] ${message}`);
  yield { ok: false, name: 'the run itself', about: { verdict: COULD_NOT_TELL, problems: messages } };
}

const COULD_NOT_TELL = 'errored: could not tell';

function casePoint(entry: CaseVerdict, proof: string | undefined): TestPoint {
  const { verdict, reason, sentence, flaky } = entry;
  const { id: name, skip } = entry.case;
  if (verdict === 'skipped') return { ok: true, name, skip: skip ?? sentence };
  if (verdict === 'passed' && !flaky) return { ok: true, name };
  const said = verdict === 'errored' ? COULD_NOT_TELL : verdict;
  const evidence = evidenceLines(entry, proof);
  return { ok: verdict === 'passed', name, about: { verdict: said, reason, message: sentence, evidence } };
}

function controlPoint({ control, state, sentence }: ControlVerdict): TestPoint {
  if (state === 'held') return { ok: true, name: control.id };
  const verdict = state === 'broken' ? 'errored: a control was answered' : COULD_NOT_TELL;
  return { ok: false, name: control.id, about: { verdict, reason: `control-${state}`, message: sentence } };
}

/** A `#` begins a directive, and a backslash escapes it. */
function escaped(text: string): string {
  return legible(text).replace(/[\\#]/g, '\\$&');
}

/** Every text as a JSON string: YAML reads those too, whatever is in them. */
function yamlBlock(about: NonNullable<TestPoint['about']>): string {
  const quoted = (text: string) => JSON.stringify(legible(text));
  const keys = Object.entries(about).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [`${key}: ${quoted(value)}`]
      : [`${key}:${value.length === 0 ? ' []' : ''}`, ...value.map((text) => `  - ${quoted(text)}`)],
  );
  return ['---', ...keys, '...'].map((line) => `  ${line}\n`).join('');
}
