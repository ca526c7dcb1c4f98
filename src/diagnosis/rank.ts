import type { Candidate } from './candidates.ts';
import { isDirected, needsWord } from './directed.ts';

/** A hypothesis must hold for this share of what was judged in its scope: random loss spares some cases. */
const MIN_FIT = 0.75;

/** Whether a hypothesis holds at all, and beats another: by what it explains, then by how little it claims. */
export function isBetter(candidate: Candidate, than: Candidate | undefined): boolean {
  if (!holds(candidate)) return false;
  if (than === undefined) return true;
  const [a, b] = [rankOf(candidate), rankOf(than)];
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

/** How many cases a hypothesis explains, less what speaks against it. */
export function worthOf(candidate: Candidate | undefined): number {
  return candidate === undefined ? 0 : candidate.left - 3 * candidate.passed;
}

function holds(candidate: Candidate): boolean {
  const { scope, trait, failed, passed, left, told } = candidate;
  if (left === 0) return false;
  if (isMeasured(candidate)) return true;
  if (needsWord(scope.kind) && told === 0) return false;
  if (failed / (failed + passed) < MIN_FIT) return false;
  // The more it narrows down, the more it must explain: two failures fit some narrow one by chance.
  const narrowed = trait.key === '' ? 0 : trait.key.split(' + ').length;
  if (isDirected(scope.kind) || narrowed > 1) return failed >= 4;
  // One case alone is a finding of its own only where its scope holds no other.
  return failed >= (passed === 0 && narrowed === 0 ? 1 : 2);
}

/** One direction is measured once for each family and path: what is narrowed down to one case holds all the same. */
function isMeasured({ scope, trait, passed }: Candidate): boolean {
  return scope.kind === 'one-way' && passed === 0 && /\bcheck (mtu|quality)\b/.test(trait.key);
}

function rankOf(candidate: Candidate): number[] {
  const { trait, failed, passed, told } = candidate;
  // A case that passed weighs more than one that failed: it cannot be explained away.
  // Between two that explain the same, the targets' own word decides.
  return [worthOf(candidate), -(failed + passed), told, -trait.key.length];
}
