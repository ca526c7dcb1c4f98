import type { CaseVerdict, Diagnosis, Finding } from '../model.ts';
import { bytewise, sortedBy } from '../order.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { cannotTell } from './cannot-tell.ts';
import type { ZoneOf } from './scopes.ts';
import { findingOf } from './words.ts';
import { wrongResponders } from './wrong-responder.ts';

/** A hypothesis must hold for this share of what was judged in its scope: random loss spares some cases. */
const MIN_FIT = 0.75;

/**
 * What lies behind the cases that did not pass. Greedy: the hypothesis that explains most is taken, what it
 * explains is set aside, and again. No case is in two findings, and none is lost: the rest is `unexplained`.
 */
export function diagnose(verdicts: readonly CaseVerdict[], zoneOf: ZoneOf = () => undefined): Diagnosis {
  const ordered = sortedBy(verdicts, (entry) => entry.case.id);
  const failed = ordered.filter((entry) => entry.verdict === 'failed');
  const passed = ordered.filter((entry) => entry.verdict === 'passed');
  const foreign = wrongResponders(failed);
  const named = new Set(foreign.flatMap(({ cases }) => cases));
  const left = new Set(failed.filter((entry) => !named.has(entry.case.id)));
  const candidates = candidatesFor([...left], passed, zoneOf);
  const findings: Finding[] = [...foreign];
  for (let best = bestOf(candidates, left); best !== undefined; best = bestOf(candidates, left)) {
    const explained = [...best.failed].filter((entry) => left.has(entry));
    for (const entry of explained) left.delete(entry);
    findings.push(findingOf(best, explained));
  }
  findings.push(...cannotTell(ordered.filter((entry) => entry.verdict === 'errored')));
  return {
    findings: findings.sort((a, b) => b.cases.length - a.cases.length || bytewise(a.id, b.id)),
    unexplained: [...left].map((entry) => entry.case.id),
  };
}

/** The one that explains most of what is left; of equals the one that claims least, then the simplest. */
function bestOf(candidates: readonly Candidate[], left: ReadonlySet<CaseVerdict>): Candidate | undefined {
  let best: { candidate: Candidate; rank: number[] } | undefined;
  for (const candidate of candidates) {
    const judged = candidate.failed.size + candidate.passed;
    if (candidate.failed.size / judged < MIN_FIT || candidate.failed.size < evidenceFor(candidate)) continue;
    let explained = 0;
    for (const entry of candidate.failed) if (left.has(entry)) explained += 1;
    if (explained === 0) continue;
    // A case that passed weighs more than one that failed: it cannot be explained away.
    const rank = [explained - 3 * candidate.passed, -judged, -candidate.trait.key.length];
    if (best === undefined || isBetter(rank, best.rank)) best = { candidate, rank };
  }
  return best?.candidate;
}

/** The more a hypothesis narrows down, the more it must explain: two failures fit some narrow one by chance. */
function evidenceFor({ scope, trait, passed }: Candidate): number {
  const narrowed = trait.key === '' ? 0 : trait.key.split(' + ').length;
  if (scope.kind === 'overlay-one-way' || narrowed > 1) return 4;
  // One case alone is a finding of its own only where its scope holds no other.
  return passed === 0 && narrowed === 0 ? 1 : 2;
}

function isBetter(rank: readonly number[], than: readonly number[]): boolean {
  for (const [index, value] of rank.entries()) {
    const other = than[index] ?? 0;
    if (value !== other) return value > other;
  }
  return false;
}
