import pc from 'picocolors';
import type { RunResult } from '../model.ts';
import { countVerdicts } from './counts.ts';
import { wrapped } from './layout.ts';
import { legible } from './legible.ts';
import { problemsOf } from './problems.ts';
import { erroredCases, failedCases, flakyCases } from './summary-cases.ts';
import { findingList } from './summary-findings.ts';
import { gridOf } from './summary-grid.ts';
import { headline } from './summary-headline.ts';
import { groupTable } from './summary-table.ts';
import { brokenControls, controlsLine, problemList, skippedRules } from './summary-trouble.ts';

interface SummaryOptions {
  colour: boolean;
  /** Terminal columns: no line is longer; below 80 the table and the grid keep their own width. */
  width: number;
}

/** One page for a person: the worst first, then the figures, then each case that did not pass. */
export function summaryText(result: RunResult, { colour, width }: SummaryOptions): string {
  const paint = pc.createColors(colour);
  const { verdicts, controls, nodes } = result;
  const counts = countVerdicts(verdicts);
  const sections = [
    headline(result, counts.total, paint, width),
    problemList(problemsOf(result), paint, width),
    brokenControls(controls, paint, width),
    findingList(result.diagnosis, paint, width),
    groupTable(counts, paint, width),
    failedCases(verdicts, paint, width),
    erroredCases(verdicts, paint, width),
    flakyCases(verdicts, paint, width),
    gridOf(nodes, verdicts, paint, width),
    [
      ...result.notes.flatMap((note) => wrapped(legible(note), width)),
      ...skippedRules(verdicts, width),
      ...controlsLine(controls, verdicts, width),
    ],
  ];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}
