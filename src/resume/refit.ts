import type { Check } from '../checks/shared/check.ts';
import type { Case } from '../model.ts';

export interface Refit {
  /** What is run again, of the matrix as it is now. */
  cases: Case[];
  /** Ids that nobody can ask any more: their Node, Service or pod is gone, and nothing took its place. */
  gone: string[];
  /** Ids whose target is gone, and whose place new cases took. */
  replaced: string[];
}

/**
 * The part of today's matrix that a resume runs: the cases asked for, the new ones that took the place of vanished
 * targets (a DNS pod that moved to another Node), and the witnesses that any of these is judged by.
 */
export function refit(
  known: readonly Case[],
  now: readonly Case[],
  asked: ReadonlySet<string>,
  checks: readonly Check[],
): Refit {
  const nowIds = new Set(now.map(({ id }) => id));
  const knownIds = new Set(known.map(({ id }) => id));
  const fresh = now.filter(({ id }) => !knownIds.has(id));
  const missing = known.filter(({ id }) => !nowIds.has(id));
  const places = Map.groupBy(fresh, placeOf);
  const vacant = Map.groupBy(missing, placeOf);
  const gone: string[] = [];
  const replaced: string[] = [];
  for (const [place, cases] of vacant) {
    const filled = (places.get(place)?.length ?? 0) >= cases.length;
    (filled ? replaced : gone).push(...cases.map(({ id }) => id));
  }
  const wanted = now.filter(({ id }) => asked.has(id) || !knownIds.has(id));
  return { cases: withWitnesses(wanted, now, checks), gone, replaced };
}

/** Where a case stands, whatever it goes to. */
function placeOf({ check, path, family, source, skip }: Case): string {
  return [check, path, family ?? '', source.cluster, source.network, source.node, skip ?? ''].join(' ');
}

/** `wanted` and all that they are judged by, in the order of `all`. */
function withWitnesses(wanted: readonly Case[], all: readonly Case[], checks: readonly Check[]): Case[] {
  const roles = new Map(checks.map((check) => [check.name, check.witness]));
  const role = (entry: Case) => roles.get(entry.check)?.(entry) ?? {};
  const chosen = new Set(wanted.map(({ id }) => id));
  const needed = new Set(wanted.flatMap((entry) => keyed(entry, role(entry).needs)));
  return all.filter(
    (entry) => chosen.has(entry.id) || keyed(entry, role(entry).gives).some((key) => needed.has(key)),
  );
}

/** A key means something to its own check only. */
function keyed({ check }: Case, key: string | undefined): string[] {
  return key === undefined ? [] : [`${check} ${key}`];
}
