import type { Case, CaseVerdict } from '../model.ts';
import { sortedBy } from '../order.ts';

export interface Counts {
  /** All cases: `executed + skipped`. */
  expected: number;
  /** `passed + failed + errored`. */
  executed: number;
  passed: number;
  failed: number;
  errored: number;
  skipped: number;
  /** A part of `passed`. */
  flaky: number;
}

export interface GroupCounts extends Counts {
  /** `pod-to-pod.tcp.v4`: path, check, family. */
  name: string;
  /** The same without the family. */
  base: string;
  sameNode: Counts;
  crossNode: Counts;
}

export interface VerdictCounts {
  total: GroupCounts;
  groups: GroupCounts[];
}

/** Totals, and the same per path × check × family, bytewise by name. */
export function countVerdicts(verdicts: readonly CaseVerdict[]): VerdictCounts {
  const groups = [...groupVerdicts(verdicts)].map(([name, members]) => {
    const [first] = members;
    return countGroup(name, first === undefined ? name : `${first.case.path}.${first.case.check}`, members);
  });
  return { total: countGroup('total', 'total', verdicts), groups };
}

function countGroup(name: string, base: string, members: readonly CaseVerdict[]): GroupCounts {
  const at = (locality: NonNullable<Case['locality']>) =>
    tally(members.filter((entry) => entry.case.locality === locality));
  return { name, base, ...tally(members), sameNode: at('same-node'), crossNode: at('cross-node') };
}

/**
 * Families of one path and check as one row, `pod-to-pod.tcp`, where none of them has anything to tell: with
 * every check a table would be longer than a screen.
 */
export function folded(groups: readonly GroupCounts[]): GroupCounts[] {
  return [...Map.groupBy(groups, (group) => group.base)].flatMap(([base, members]) => {
    const quiet = members.every(({ failed, errored, flaky }) => failed + errored + flaky === 0);
    if (!quiet || members.length < 2) return members;
    const sum = (pick: (group: GroupCounts) => Counts) => members.map(pick).reduce(added, NONE);
    const sameNode = sum((group) => group.sameNode);
    const crossNode = sum((group) => group.crossNode);
    return [{ name: base, base, ...sum((group) => group), sameNode, crossNode }];
  });
}

const NONE: Counts = { expected: 0, executed: 0, passed: 0, failed: 0, errored: 0, skipped: 0, flaky: 0 };

function added(a: Counts, b: Counts): Counts {
  return {
    expected: a.expected + b.expected,
    executed: a.executed + b.executed,
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    errored: a.errored + b.errored,
    skipped: a.skipped + b.skipped,
    flaky: a.flaky + b.flaky,
  };
}

/** The verdicts by group name; groups bytewise by name, members bytewise by case id. */
export function groupVerdicts(verdicts: readonly CaseVerdict[]): Map<string, CaseVerdict[]> {
  const groups = new Map<string, CaseVerdict[]>();
  for (const entry of sortedBy(verdicts, (verdict) => verdict.case.id)) {
    const name = groupName(entry.case);
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [entry]);
    else members.push(entry);
  }
  return new Map(sortedBy(groups, ([name]) => name));
}

function groupName(entry: Case): string {
  return [entry.path, entry.check, ...(entry.family === undefined ? [] : [entry.family])].join('.');
}

export function tally(verdicts: readonly CaseVerdict[]): Counts {
  const counts = { ...NONE };
  for (const entry of verdicts) {
    counts.expected += 1;
    counts[entry.verdict] += 1;
    if (entry.verdict !== 'skipped') counts.executed += 1;
    if (entry.verdict === 'passed' && entry.flaky) counts.flaky += 1;
  }
  return counts;
}
