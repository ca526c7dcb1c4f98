import type { CaseVerdict } from '../model.ts';
import { bytewise } from '../order.ts';

export interface NodeTally {
  /** Cases that start at the Node, and those that go to it. */
  from: Side;
  to: Side;
}

interface Side {
  failed: number;
  errored: number;
  judged: number;
}

/** What was judged of each Node's cases, by its name. */
export function nodeTallies(verdicts: readonly CaseVerdict[]): Map<string, NodeTally> {
  const tallies = new Map<string, NodeTally>();
  for (const { verdict, case: entry } of verdicts) {
    if (verdict === 'skipped') continue;
    const sides = [tallyOf(tallies, entry.source.node).from];
    if (entry.target.node !== undefined) sides.push(tallyOf(tallies, entry.target.node).to);
    for (const side of sides) {
      side.judged += 1;
      if (verdict === 'failed') side.failed += 1;
      else if (verdict === 'errored') side.errored += 1;
    }
  }
  return tallies;
}

/** The Node's tally, a new one if it has none yet. */
export function tallyOf(tallies: Map<string, NodeTally>, node: string): NodeTally {
  const none = (): Side => ({ failed: 0, errored: 0, judged: 0 });
  const known = tallies.get(node) ?? { from: none(), to: none() };
  tallies.set(node, known);
  return known;
}

export interface WorstNodes {
  /** At most `limit`. */
  worst: string[];
  /** Nodes whose failed and errored cases all have one of `worst` at the other end. */
  others: number;
  /** Nodes with other trouble, beyond the limit. */
  more: number;
}

/**
 * Greedy, because one bad Node gives every other one a few bad cases: the worst Node is taken, its cases are set
 * aside, and so on. A failure weighs more than what nobody could tell.
 */
export function worstNodes(verdicts: readonly CaseVerdict[], limit: number): WorstNodes {
  let open = verdicts.filter(({ verdict }) => verdict === 'failed' || verdict === 'errored');
  const troubled = nodeTallies(open).size;
  const worst: string[] = [];
  while (open.length > 0 && worst.length < limit) {
    const [first] = [...nodeTallies(open)].sort(worseFirst);
    if (first === undefined) break;
    const [node] = first;
    worst.push(node);
    open = open.filter(({ case: { source, target } }) => source.node !== node && target.node !== node);
  }
  const more = nodeTallies(open).size;
  return { worst, more, others: troubled - worst.length - more };
}

function worseFirst([nameA, a]: [string, NodeTally], [nameB, b]: [string, NodeTally]): number {
  const failed = b.from.failed + b.to.failed - a.from.failed - a.to.failed;
  const errored = b.from.errored + b.to.errored - a.from.errored - a.to.errored;
  return failed || errored || bytewise(nameA, nameB);
}
