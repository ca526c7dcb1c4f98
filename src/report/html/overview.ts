import type { RunResult } from '../../model.ts';
import { sortedBy } from '../../order.ts';
import { problemsOf } from '../problems.ts';
import type { Overview, PackedComparison } from './format.ts';

const GONE_NAMED = 1000;

type Rest = Pick<Overview, 'nodes' | 'groups' | 'targets' | 'reasons' | 'rules' | 'cases' | 'evidenceUntil'>;

/** `slower`: the place among the cases of each id that the comparison calls slower. */
export function overviewOf(result: RunResult, rest: Rest, slower: ReadonlyMap<string, number>): Overview {
  const { run, cluster, version, started, seconds, families, excluded, notes, exitCode } = result;
  const { findings, unexplained } = result.diagnosis;
  return {
    ...{ run, cluster, version, started, seconds, families, excluded, notes, exitCode },
    problems: problemsOf(result),
    resumes: result.resumes,
    proofs: result.proofs ?? {},
    ...(result.comparison === undefined ? {} : { comparison: comparisonOf(result.comparison, slower) }),
    findings: findings.map(({ cases, ...finding }) => ({ ...finding, count: cases.length })),
    unexplained: unexplained.length,
    controls: sortedBy(result.controls, ({ control }) => control.id).flatMap(
      ({ control: { id }, state, sentence }) => (state === 'held' ? [] : [{ id, state, sentence }]),
    ),
    controlsHeld: result.controls.filter(({ state }) => state === 'held').length,
    tested: new Set(result.nodes).size,
    ...rest,
  };
}

function comparisonOf(
  { against, slower, gone }: NonNullable<RunResult['comparison']>,
  rows: ReadonlyMap<string, number>,
): PackedComparison {
  return {
    against,
    slower: slower.flatMap(({ id, beforeMs, afterMs }) => {
      const row = rows.get(id);
      return row === undefined ? [] : [{ row, beforeMs, afterMs }];
    }),
    gone: gone.slice(0, GONE_NAMED),
    goneCount: gone.length,
  };
}
