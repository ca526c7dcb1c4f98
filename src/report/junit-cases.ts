import type { CaseVerdict, Finding } from '../model.ts';
import { tally } from './counts.ts';
import { evidenceLines } from './evidence.ts';
import { findingLines } from './junit-findings.ts';
import { type Merged, merged, mergedCase } from './junit-merged.ts';
import { type Property, type Suite, type SuiteCase, type SuiteOptions, suite } from './junit-suite.ts';
import { legible } from './legible.ts';

/** The cases of one path × check × family. */
export function caseSuite(name: string, members: readonly CaseVerdict[], options: SuiteOptions): Suite {
  const { result, settings, findingOf } = options;
  const proof = result.proofs?.[members[0]?.case.check ?? ''];
  const tooMany = settings.groupAbove > 0 && result.verdicts.length > settings.groupAbove;
  const properties: Property[] = [
    ...(proof === undefined || proof === '' ? [] : ([['proof', proof]] satisfies Property[])),
    ...(tooMany ? figuresOf(members) : []),
  ];
  return suite<CaseVerdict | Merged>(name, options, {
    items: tooMany ? merged(members) : members,
    properties,
    verdictOf: (item) => item.verdict,
    secondsOf: (item) => ('members' in item ? sum(item.members.map(secondsOf)) : secondsOf(item)),
    caseOf: (item) =>
      'members' in item ? mergedCase(item, settings) : caseOf(item, proof, findingOf.get(item.case.id)),
  });
}

/** The testcases of a grouped suite are fewer than its cases. */
function figuresOf(members: readonly CaseVerdict[]): Property[] {
  const { expected, passed, failed, errored, skipped, flaky } = tally(members);
  const figures = { cases: expected, passed, failed, errored, skipped, flaky };
  return Object.entries(figures).map(([key, count]) => [key, String(count)]);
}

function caseOf(entry: CaseVerdict, proof: string | undefined, finding: Finding | undefined): SuiteCase {
  const { source, target, skip } = entry.case;
  const sentence = legible(skip ?? entry.sentence) || entry.reason;
  const evidence = entry.verdict === 'skipped' ? [] : evidenceLines(entry, proof);
  const [title = '', , ...advice] = finding === undefined ? [] : findingLines(finding);
  // Several cases have their finding as a testcase of its own; of a single one it says no more than its sentence.
  const [behind, next] = finding?.cases.length === 1 ? [[], advice] : [title === '' ? [] : [title], []];
  return {
    name: `${legible(source.node)} → ${legible(target.name)}`,
    type: entry.reason,
    message: sentence,
    text: [sentence, ...behind, ...evidence, ...next].join('\n'),
  };
}

/** What the probe took, its time-outs and pauses included: a reader sees where a run's time went. */
function secondsOf({ tookMs, rttMs }: CaseVerdict): number | undefined {
  const ms = tookMs ?? rttMs;
  return ms === undefined || !Number.isFinite(ms) || ms < 0 ? undefined : ms / 1000;
}

function sum(seconds: readonly (number | undefined)[]): number | undefined {
  const timed = seconds.filter((each) => each !== undefined);
  return timed.length === 0 ? undefined : timed.reduce((total, each) => total + each, 0);
}
