import type { Case, CaseVerdict } from '../model.ts';
import { type Scope, scopesOf, type ZoneOf } from './scopes.ts';
import { type Trait, traitsOf } from './traits.ts';

/** A hypothesis: everything in this scope with this trait fails. */
export interface Candidate {
  scope: Scope;
  trait: Trait;
  /** Cases that failed and that it would explain. */
  failed: Set<CaseVerdict>;
  /** Cases that passed although it says they should not. */
  passed: number;
}

/**
 * Every hypothesis that explains at least one of `failing`, tested against all that passed. Each case counts for
 * every scope × trait that it lies in, so the cost is linear in the cases, not in the hypotheses.
 */
export function candidatesFor(
  failing: readonly CaseVerdict[],
  passing: readonly CaseVerdict[],
  zoneOf: ZoneOf,
): Candidate[] {
  const candidates = new Map<string, Map<string, Candidate>>();
  for (const verdict of failing) {
    const traits = traitsOf(verdict.case);
    for (const scope of scopesOf(verdict.case, zoneOf)) {
      const inScope = within(candidates, keyOf(scope));
      for (const trait of traits) {
        const known = inScope.get(trait.key) ?? { scope, trait, failed: new Set(), passed: 0 };
        known.failed.add(verdict);
        inScope.set(trait.key, known);
      }
    }
  }
  for (const verdict of passing) count(verdict.case, candidates, zoneOf);
  return [...candidates.values()].flatMap((inScope) => [...inScope.values()]);
}

function count(entry: Case, candidates: Map<string, Map<string, Candidate>>, zoneOf: ZoneOf): void {
  const touched = scopesOf(entry, zoneOf).flatMap((scope) => candidates.get(keyOf(scope)) ?? []);
  if (touched.length === 0) return;
  const traits = traitsOf(entry);
  for (const inScope of touched) {
    for (const { key } of traits) {
      const candidate = inScope.get(key);
      if (candidate !== undefined) candidate.passed += 1;
    }
  }
}

function keyOf({ kind, nodes }: Scope): string {
  return `${kind} ${nodes.join(' ')}`;
}

function within<T>(maps: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const fresh = new Map<string, T>();
  maps.set(key, fresh);
  return fresh;
}
