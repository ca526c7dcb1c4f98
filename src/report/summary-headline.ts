import type { ExitCode, RunResult } from '../model.ts';
import type { Counts } from './counts.ts';
import { type Paint, wrapped } from './layout.ts';
import { legible } from './legible.ts';

/** The verdict on a run in a word, by exit code. */
export const WORDS = { 0: 'PASSED', 1: 'FAILED', 2: 'UNDECIDED', 3: 'NOT RUN' } as const satisfies Record<
  ExitCode,
  string
>;

const LEFT_OUT_NAMED = 5;

/** The verdict in one word, what its exit code means here, and which run of which cluster this was. */
export function headline(result: RunResult, total: Counts, paint: Paint, width: number): string[] {
  const colour = { 0: paint.green, 1: paint.red, 2: paint.yellow, 3: paint.red }[result.exitCode];
  const verdict = `${WORDS[result.exitCode]} (exit ${result.exitCode}): ${meaning(result, total)}`;
  const facts = [
    ...(result.cluster === '' ? [] : [`cluster ${legible(result.cluster)}`]),
    ...(result.version === '' ? [] : [`Kubernetes ${legible(result.version)}`]),
    ...(result.nodes.length === 0 ? [] : [count(result.nodes.length, 'node')]),
    ...(result.families.length === 0 ? [] : [result.families.map((family) => `IP${family}`).join(' + ')]),
    `${result.seconds.toFixed(1)} s`,
    `run ${legible(result.run)}`,
  ];
  const paintLine = (line: string) => paint.bold(colour(line));
  return [
    ...wrapped(verdict, width).map(paintLine),
    ...wrapped(facts.join(', '), width),
    ...leftOut(result.excluded, width),
  ];
}

/** Whether a summary begins with this line. */
export function isHeadline(line: string): boolean {
  return Object.entries(WORDS).some(([code, word]) => line.startsWith(`${word} (exit ${code}): `));
}

/** A Node that is not tested must not look as if it were; one line a rule, however many Nodes. */
function leftOut(excluded: RunResult['excluded'], width: number): string[] {
  return [...Map.groupBy(excluded, ({ rule }) => rule)].flatMap(([rule, nodes]) => {
    const named = nodes.slice(0, LEFT_OUT_NAMED).map(({ node }) => legible(node));
    const more = nodes.length > named.length ? ` and ${nodes.length - named.length} more` : '';
    return wrapped(`not tested, ${legible(rule)}: ${named.join(', ')}${more}`, width);
  });
}

function meaning({ exitCode, controls }: RunResult, total: Counts): string {
  const { expected, executed, failed, errored, skipped } = total;
  const of = `of ${count(expected, 'case')}`;
  if (exitCode === 0)
    return `all ${count(executed, 'executed case')} passed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  if (exitCode === 1) return `${failed} ${of} failed${errored > 0 ? `, ${errored} could not be judged` : ''}`;
  if (exitCode === 3) return 'misuse, or the set-up failed: nothing was judged';
  if (controls.some((entry) => entry.state === 'broken'))
    return 'a control broke, so no verdict can be believed';
  if (errored > 0) return `${errored} ${of} could not be judged${failed > 0 ? `, ${failed} failed` : ''}`;
  if (controls.some((entry) => entry.state === 'unobserved')) return 'not every control was observed';
  return 'the run could not be completed as planned';
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
