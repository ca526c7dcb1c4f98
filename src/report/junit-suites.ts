import type { CaseVerdict, ControlVerdict, Problem, RunResult, Verdict } from '../model.ts';
import { sortedBy } from '../order.ts';
import { groupVerdicts, tally } from './counts.ts';
import { evidenceLines } from './evidence.ts';
import { legible } from './legible.ts';
import { problemsOf } from './problems.ts';

/** A `<testsuite>` before it is XML. */
export interface Suite {
  /** Also the class name of its cases. */
  name: string;
  counts: { tests: number; failures: number; errors: number; skipped: number };
  /** Probe time of all its cases; undefined where nothing was timed. */
  seconds: number | undefined;
  properties: [name: string, value: string][];
  result: RunResult;
  /** Made one by one, so that a big run's texts are never all in memory. */
  cases(): Iterable<SuiteCase>;
}

export interface SuiteCase {
  name: string;
  verdict: Verdict;
  seconds?: number | undefined;
  /** The class of a failure or error: CI systems group by it. */
  type: string;
  message: string;
  /** The message again and its evidence: GitLab shows nothing but this. */
  text: string;
}

/** Problems, controls and each path × check × family, bytewise by name; none of them empty. */
export function suitesOf(result: RunResult): Suite[] {
  const groups = [...groupVerdicts(result.verdicts)].map(([name, members]) =>
    groupSuite(name, members, result),
  );
  const suites = [...groups, ...controlSuite(result), ...runSuite(result)];
  return sortedBy(suites, (suite) => suite.name);
}

function groupSuite(name: string, members: CaseVerdict[], result: RunResult): Suite {
  const { expected, failed, errored, skipped } = tally(members);
  const timed = members.map(secondsOf).filter((seconds) => seconds !== undefined);
  const proof = result.proofs?.[members[0]?.case.check ?? ''];
  return {
    name,
    counts: { tests: expected, failures: failed, errors: errored, skipped },
    seconds: timed.length === 0 ? undefined : timed.reduce((sum, seconds) => sum + seconds, 0),
    properties: propertiesOf(result, proof),
    result,
    cases: () => lazily(members, (entry) => caseOf(entry, proof)),
  };
}

function caseOf(entry: CaseVerdict, proof: string | undefined): SuiteCase {
  const { source, target, skip } = entry.case;
  const sentence = legible(skip ?? entry.sentence) || entry.reason;
  const evidence = entry.verdict === 'skipped' ? [] : evidenceLines(entry, proof);
  return {
    name: `${legible(source.node)} → ${legible(target.name)}`,
    verdict: entry.verdict,
    seconds: secondsOf(entry),
    type: entry.reason,
    message: sentence,
    text: [sentence, ...evidence].join('\n'),
  };
}

/** What the probe took, its time-outs and pauses included: a reader sees where a run's time went. */
function secondsOf({ tookMs, rttMs }: CaseVerdict): number | undefined {
  const ms = tookMs ?? rttMs;
  return ms === undefined || !Number.isFinite(ms) || ms < 0 ? undefined : ms / 1000;
}

function controlSuite(result: RunResult): Suite[] {
  const controls = sortedBy(result.controls, (entry) => entry.control.id);
  if (controls.length === 0) return [];
  const errors = controls.filter((entry) => entry.state !== 'held').length;
  return [
    {
      name: 'netaccept.controls',
      counts: { tests: controls.length, failures: 0, errors, skipped: 0 },
      seconds: undefined,
      properties: propertiesOf(result, undefined),
      result,
      cases: () => lazily(controls, controlCase),
    },
  ];
}

function controlCase({ control, state, sentence }: ControlVerdict): SuiteCase {
  const type = `control-${state}`;
  const said = legible(sentence) || type;
  return {
    name: legible(control.id),
    verdict: state === 'held' ? 'passed' : 'errored',
    type,
    message: said,
    text: said,
  };
}

/** One case however many problems there are: its name stays the same from run to run. */
function runSuite(result: RunResult): Suite[] {
  const problems = problemsOf(result);
  const [first, ...rest] = problems;
  if (first === undefined) return [];
  const type = legible(first.code) || 'unknown';
  const message = (legible(first.message) || type) + (rest.length === 0 ? '' : ` (and ${rest.length} more)`);
  const text = problems.flatMap(problemLines).join('\n');
  const only: SuiteCase = {
    name: 'the run itself',
    verdict: 'errored',
    type,
    message,
    text,
  };
  return [
    {
      name: 'netaccept.run',
      counts: { tests: 1, failures: 0, errors: 1, skipped: 0 },
      seconds: undefined,
      properties: propertiesOf(result, undefined),
      result,
      cases: () => [only],
    },
  ];
}

function problemLines({ code, message, hint }: Problem): string[] {
  const lines = message.split('\n').map(legible);
  return [
    `[${legible(code)}] ${lines.join('\n  ')}`,
    ...(hint === undefined ? [] : [`  → ${legible(hint)}`]),
  ];
}

function propertiesOf(result: RunResult, proof: string | undefined): Suite['properties'] {
  const notes = result.notes.map((note, at): [string, string] => [`note-${at + 1}`, note]);
  const all = [
    ['run', result.run],
    ['cluster', result.cluster],
    ['version', result.version],
    ['exit-code', String(result.exitCode)],
    ['proof', proof ?? ''],
    ...notes,
  ] satisfies Suite['properties'];
  return all.filter(([, value]) => value !== '').map(([name, value]) => [name, legible(value)]);
}

function* lazily<From, To>(items: Iterable<From>, make: (item: From) => To): Generator<To, void, undefined> {
  for (const item of items) yield make(item);
}
