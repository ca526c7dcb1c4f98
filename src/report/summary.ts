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
import { comparisonLines, resumeLines } from './summary-history.ts';
import { groupTable } from './summary-table.ts';
import { brokenControls, controlsLine, problemList, skippedRules } from './summary-trouble.ts';

interface SummaryOptions {
  colour: boolean;
  /** Terminal columns: no line is longer; below 80 the table and the grid keep their own width. */
  width: number;
  /** Names of the files in the run's folder. */
  files?: readonly string[];
  /** No more than the headline, what went wrong with the run itself, and the findings. */
  quiet?: boolean;
}

/** One page for a person: what is broken, then the figures and where they are bad, then each case that did not pass. */
export function summaryText(result: RunResult, options: SummaryOptions): string {
  const { colour, width, files = [], quiet = false } = options;
  const paint = pc.createColors(colour);
  const { verdicts, controls, nodes } = result;
  const counts = countVerdicts(verdicts);
  const brief = () => [
    headline(result, counts.total, paint, width),
    problemList(problemsOf(result), paint, width),
    brokenControls(controls, paint, width),
    findingList(result.diagnosis, paint, width),
  ];
  const rest = () => [
    comparisonLines(result.comparison, paint, width),
    resumeLines(result.resumes, width),
    groupTable(counts, paint, width),
    gridOf(nodes, verdicts, paint, width),
    failedCases(verdicts, paint, width),
    erroredCases(verdicts, paint, width),
    flakyCases(verdicts, paint, width),
    [
      ...result.notes.flatMap((note) => wrapped(legible(note), width)),
      ...skippedRules(verdicts, width),
      ...controlsLine(controls, verdicts, width),
    ],
    files.length === 0 ? [] : wrapped(`in the run's folder: ${files.join(', ')}`, width),
  ];
  const sections = quiet ? brief() : [...brief(), ...rest()];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}
