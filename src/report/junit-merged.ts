import type { CaseVerdict } from '../model.ts';
import type { JunitSettings, SuiteCase } from './junit-suite.ts';
import { legible } from './legible.ts';

const FLAKY_NAMED = 10;

/** Cases of one source that become one testcase. Only what passed or was skipped does: what went wrong is never folded away. */
export interface Merged {
  verdict: 'passed' | 'skipped';
  name: string;
  members: CaseVerdict[];
}

/**
 * Per source: one testcase for all that passed, one per rule for what was skipped, and each failed or errored case
 * for itself. So failures and errors are counted as without grouping, and no green testcase speaks for a case that is
 * not: where not all passed, its name says that it is those that did.
 */
export function merged(members: readonly CaseVerdict[]): (CaseVerdict | Merged)[] {
  const sources = Map.groupBy(members, (entry) => entry.case.source.node);
  return [...sources].flatMap(([source, ofSource]) => {
    const by = Map.groupBy(ofSource, (entry) => entry.verdict);
    const passed = by.get('passed') ?? [];
    const open = ofSource.filter(({ verdict }) => verdict === 'failed' || verdict === 'errored');
    const all = `${legible(source)} → *`;
    const name = open.length === 0 ? all : `${all} (those that passed)`;
    const rules = Map.groupBy(by.get('skipped') ?? [], (entry) => entry.case.skip ?? entry.sentence);
    return [
      ...(passed.length === 0 ? [] : [{ verdict: 'passed', name, members: passed } satisfies Merged]),
      ...open,
      ...[...rules.values()].map(
        (skipped): Merged => ({ verdict: 'skipped', name: `${all} (skipped)`, members: skipped }),
      ),
    ];
  });
}

export function mergedCase({ verdict, name, members }: Merged, { groupAbove }: JunitSettings): SuiteCase {
  const [first] = members;
  const rule = legible(first?.case.skip ?? first?.sentence ?? '');
  const flaky = members.filter((entry) => entry.flaky);
  const message =
    verdict === 'skipped'
      ? `${members.length} cases skipped: ${rule}`
      : `${members.length} cases passed${flaky.length === 0 ? '' : `, ${flaky.length} of them flaky`}`;
  return {
    name,
    type: verdict === 'skipped' ? 'rule' : 'proof',
    message,
    text: [
      message,
      ...flaky.slice(0, FLAKY_NAMED).map((entry) => `flaky: ${legible(entry.case.id)}`),
      ...(flaky.length > FLAKY_NAMED ? [`… and ${flaky.length - FLAKY_NAMED} more flaky cases`] : []),
      `one testcase for all of them, because the run has more than ${groupAbove} cases (report.junit.groupAbove); report.json and verdicts.jsonl have each`,
    ].join('\n'),
  };
}
