import type { CaseVerdict } from '../model.ts';
import { sortedBy } from '../order.ts';
import { ARRIVALS, attemptText } from './evidence.ts';
import { capped, type Paint, wrapped } from './layout.ts';
import { legible } from './legible.ts';
import { count } from './summary-headline.ts';

const FAILED_SHOWN = 20;
const ERRORED_SHOWN_PER_REASON = 3;
const FLAKY_SHOWN = 10;

/** Each failed case with its reason, the first 20; then a count. */
export function failedCases(verdicts: readonly CaseVerdict[], paint: Paint, width: number): string[] {
  const failed = pick(verdicts, (entry) => entry.verdict === 'failed');
  if (failed.length === 0) return [];
  const line = (entry: CaseVerdict) => caseLines('F', entry, `${entry.reason}${particulars(entry)}`, width);
  const lines = capped(failed, FAILED_SHOWN, line, (more) => `  … and ${count(more, 'more failed case')}`);
  return [paint.bold(paint.red(`${count(failed.length, 'case')} failed`)), ...lines];
}

/** Errored cases by reason, so that one dead node, which errors every pair it takes part in, takes few lines. */
export function erroredCases(verdicts: readonly CaseVerdict[], paint: Paint, width: number): string[] {
  const errored = pick(verdicts, (entry) => entry.verdict === 'errored');
  if (errored.length === 0) return [];
  const byReason = sortedBy(
    Map.groupBy(errored, (entry) => entry.reason),
    ([reason]) => reason,
  );
  return [
    paint.bold(paint.yellow(`${count(errored.length, 'case')} could not be judged`)),
    ...byReason.flatMap(([reason, members]) => [
      ...wrapped(`${reason}: ${count(members.length, 'case')}${common(members)}`, width, '  '),
      ...capped(
        members,
        ERRORED_SHOWN_PER_REASON,
        (entry) => caseLines('E', entry, entry.sentence, width, '    '),
        (more) => `    … and ${more} more`,
      ),
    ]),
  ];
}

/** Passed, but only on a retry or with loss: the first 10, with what the earlier attempts saw. */
export function flakyCases(verdicts: readonly CaseVerdict[], paint: Paint, width: number): string[] {
  const flaky = pick(verdicts, (entry) => entry.verdict === 'passed' && entry.flaky);
  if (flaky.length === 0) return [];
  const line = (entry: CaseVerdict) => {
    const before = entry.attempts.slice(0, -1).map(attemptText);
    return caseLines(
      '~',
      entry,
      entry.sentence + (before.length === 0 ? '' : `; before: ${before.join('; ')}`),
      width,
    );
  };
  const lines = capped(flaky, FLAKY_SHOWN, line, (more) => `  … and ${count(more, 'more flaky case')}`);
  return [paint.bold(paint.cyan(`${count(flaky.length, 'case')} passed, but flaky`)), ...lines];
}

const SAYS_IT_ALL: readonly string[] = ['timed-out', 'refused', 'unreachable', 'prohibited', 'reset'];

/** What the reason does not already say. Where it says it all, one line must do: a dead node has hundreds. */
function particulars({ reason, sentence, attempts, arrival }: CaseVerdict): string {
  if (!SAYS_IT_ALL.includes(reason)) return `: ${sentence}`;
  const detail = attempts.at(-1)?.detail ?? '';
  const direction = arrival === undefined ? '' : `; ${ARRIVALS[arrival]}`;
  return (detail === '' ? '' : ` (${detail})`) + direction;
}

function pick(verdicts: readonly CaseVerdict[], wanted: (entry: CaseVerdict) => boolean): CaseVerdict[] {
  return sortedBy(verdicts.filter(wanted), (entry) => entry.case.id);
}

function caseLines(symbol: string, entry: CaseVerdict, text: string, width: number, indent = '  '): string[] {
  return wrapped(`${symbol} ${legible(entry.case.id)}: ${legible(text)}`, width, indent);
}

/** The nodes that take part in every one of several cases: mostly the culprit. */
function common(members: readonly CaseVerdict[]): string {
  const [first, ...rest] = members.map((entry) => entry.case);
  if (first === undefined || rest.length === 0) return '';
  const inAll = (node: string) =>
    rest.every(({ source, target }) => source.node === node || target.node === node);
  const shared = [first.source.node, first.target.node].filter((node) => node !== undefined);
  const common = [...new Set(shared)].filter(inAll);
  return common.length === 0 ? '' : `, all of them with ${common.map(legible).join(' and ')}`;
}
