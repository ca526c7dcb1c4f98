// What a fault must turn red, as a pure function of the matrix: every case is asked, so a prediction can
// neither forget a case nor invent one.
import type { Case, RunResult } from '../../src/model.ts';

export function idsWhere(result: RunResult, predicate: (entry: Case) => boolean): string[] {
  return result.verdicts
    .map((verdict) => verdict.case)
    .filter(predicate)
    .map((entry) => entry.id);
}

export function isBetween(entry: Case, from: string, to: string): boolean {
  return entry.source.node === from && entry.target.node === to;
}
