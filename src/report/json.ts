import type { RunResult } from '../model.ts';
import { bytewise, sortedBy } from '../order.ts';
import { countVerdicts } from './counts.ts';
import { problemsOf } from './problems.ts';

/** Grows when a reader of the older form could misread the newer one. New keys alone do not change it. */
const RESULT_SCHEMA = 1;

/**
 * The result as `--json` prints it: the model's own fields, `schema` first and `counts` beside them. Cases
 * and controls bytewise by id, keys in one order whoever built the result, so two runs can be diffed.
 */
export function resultJson(result: RunResult): string {
  const { run, cluster, version, started, seconds, families, nodes, excluded, notes, proofs, exitCode } =
    result;
  const document = {
    schema: RESULT_SCHEMA,
    exitCode,
    run,
    cluster,
    version,
    started,
    seconds,
    families,
    nodes,
    excluded,
    notes,
    proofs,
    diagnosis: result.diagnosis,
    comparison: result.comparison,
    resumes: result.resumes,
    counts: countVerdicts(result.verdicts),
    problems: problemsOf(result),
    controls: sortedBy(result.controls, (entry) => entry.control.id),
    verdicts: sortedBy(result.verdicts, (entry) => entry.case.id),
  };
  return `${JSON.stringify(document, inOrder, 2)}\n`;
}

/** What a reader looks for first, and the long lists last; what is not listed is between, bytewise. */
const FIRST = [
  ...['schema', 'exitCode', 'id', 'case', 'control', 'name'],
  ...['verdict', 'state', 'outcome', 'reason', 'sentence'],
];
const LAST = ['attempts', 'counts', 'groups', 'problems', 'controls', 'verdicts'];
const RANKS = new Map([
  ...FIRST.map((key, at) => [key, at - FIRST.length] as const),
  ...LAST.map((key, at) => [key, at + 1] as const),
]);

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || bytewise(a, b)));
}

function rank(key: string): number {
  return RANKS.get(key) ?? 0;
}
