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
  const findings: Finding[] = [
    ...wrongResponders(failed),
    ...cannotTell(ordered.filter((entry) => entry.verdict === 'errored')),
  ];
  const named = new Set(findings.flatMap(({ cases }) => cases));
  const open = failed.filter((entry) => !named.has(entry.case.id));
  const passed = ordered.filter((entry) => entry.verdict === 'passed');
  const candidates = candidatesFor(open, passed, zoneOf, isBetter);
  const explained = new Set<CaseVerdict>();
  for (let best = candidates.best(); best !== undefined; best = candidates.best()) {
    const members = candidates.explain(best);
    for (const entry of members) explained.add(entry);
    findings.push(findingOf(best, members));
  }
  return {
    findings: mostTellingFirst(findings, ordered),
    unexplained: open.filter((entry) => !explained.has(entry)).map((entry) => entry.case.id),
  };
}

/**
 * What others rest on comes first: a tunnel that is cut makes Services and DNS fail in many more cases than its
 * own. Among equals the one that explains most.
 */
function mostTellingFirst(findings: readonly Finding[], verdicts: readonly CaseVerdict[]): Finding[] {
  const checkOf = new Map(verdicts.map((entry) => [entry.case.id, entry.case.check]));
  const layer = ({ cases }: Finding) => Math.min(...cases.map((id) => LAYERS[checkOf.get(id) ?? ''] ?? 0));
  return findings.toSorted(
    (a, b) => layer(a) - layer(b) || b.cases.length - a.cases.length || bytewise(a.id, b.id),
  );
}

/** Nodes, their pods and the ways between them are 0. */
const LAYERS: Readonly<Record<string, number>> = {
  mtu: 1,
  quality: 1,
  services: 2,
  'api-server': 2,
  dns: 3,
  ingress: 3,
  external: 3,
  policy: 3,
};

/** Whether a hypothesis holds at all, and beats another: by what it explains, then by how little it claims. */
function isBetter(candidate: Candidate, than: Candidate | undefined): boolean {
  if (!holds(candidate)) return false;
  if (than === undefined) return true;
  const [a, b] = [rankOf(candidate), rankOf(than)];
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

function holds({ scope, trait, failed, left, passed }: Candidate): boolean {
  if (left === 0 || failed / (failed + passed) < MIN_FIT) return false;
  // The more it narrows down, the more it must explain: two failures fit some narrow one by chance.
  const narrowed = trait.key === '' ? 0 : trait.key.split(' + ').length;
  if (scope.kind === 'overlay-one-way' || narrowed > 1) return failed >= 4;
  // One case alone is a finding of its own only where its scope holds no other.
  return failed >= (passed === 0 && narrowed === 0 ? 1 : 2);
}

function rankOf({ trait, failed, left, passed }: Candidate): number[] {
  // A case that passed weighs more than one that failed: it cannot be explained away.
  return [left - 3 * passed, -(failed + passed), -trait.key.length];
}
