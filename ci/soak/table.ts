// The soak in lines of text: pure.
import type { SoakRun } from './run.ts';

const HEADS = 'run agents keep burn passed failed errored flaky controls problems seconds slowest load';
const WIDTHS = [4, 6, 4, 4, 6, 6, 7, 5, 8, 8, 7, 8, 12];

export function heading(): string {
  return row(HEADS.split(' '));
}

export function lineOf(run: SoakRun): string {
  const { counts, unheld, controls } = run;
  return row([
    `${run.number}`,
    run.kept ? 'kept' : 'new',
    run.keep ? 'yes' : '-',
    `${run.burners}`,
    `${counts.passed}`,
    `${counts.failed}`,
    `${counts.errored}`,
    `${counts.flaky}`,
    unheld === 0 ? `${controls}` : `${unheld}/${controls}`,
    `${run.problems}`,
    run.seconds.toFixed(1),
    `${Math.round(run.slowestMs)} ms`,
    run.load.map((load) => load.toFixed(1)).join(' → '),
    isGreen(run) ? '  green' : '  NOT GREEN',
  ]);
}

export function isGreen({ trouble }: SoakRun): boolean {
  return trouble.length === 0;
}

/** What was asked, what came: the runs without burners, those beside them, and all. */
export function closingTable(runs: readonly SoakRun[], asked: number): string {
  const halves = [
    { name: 'without burners', members: runs.filter(({ burners }) => burners === 0) },
    { name: 'beside burners', members: runs.filter(({ burners }) => burners > 0) },
    { name: 'all', members: runs },
  ].filter(({ members }) => members.length > 0);
  const missing = runs.length < asked ? [`only ${runs.length} of ${asked} runs were made`] : [];
  return [
    'runs'.padEnd(16) +
      ' number  green   cases  failed  errored  flaky  unheld  problems  seconds (most)  slowest  load (most)',
    ...halves.map(({ name, members }) => summaryRow(name, members)),
    ...missing,
  ].join('\n');
}

function summaryRow(name: string, members: readonly SoakRun[]): string {
  const sum = (pick: (run: SoakRun) => number) => members.reduce((total, run) => total + pick(run), 0);
  const most = (pick: (run: SoakRun) => number) => Math.max(...members.map(pick));
  const seconds = `${median(members.map((run) => run.seconds)).toFixed(1)} (${most((run) => run.seconds).toFixed(1)})`;
  const loads = members.map(({ load }) => load[1]);
  return [
    name.padEnd(16),
    `${members.length}`.padStart(6),
    `${members.filter(isGreen).length}`.padStart(6),
    `${sum((run) => run.counts.expected)}`.padStart(7),
    `${sum((run) => run.counts.failed)}`.padStart(7),
    `${sum((run) => run.counts.errored)}`.padStart(8),
    `${sum((run) => run.counts.flaky)}`.padStart(6),
    `${sum((run) => run.unheld)}`.padStart(7),
    `${sum((run) => run.problems)}`.padStart(9),
    seconds.padStart(15),
    `${Math.round(most((run) => run.slowestMs))} ms`.padStart(8),
    `${median(loads).toFixed(1)} (${Math.max(...loads).toFixed(1)})`.padStart(12),
  ].join(' ');
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, at) => cell.padStart(WIDTHS[at] ?? 0))
    .join('  ')
    .trimEnd();
}
