import pc from 'picocolors';
import type { Finding, RunResult } from '../model.ts';
import { countVerdicts, folded, type GroupCounts } from './counts.ts';
import { legible } from './legible.ts';
import { problemsOf } from './problems.ts';
import { headline } from './summary-headline.ts';

/** A merge request's comment or a job's summary is read in one look. */
export const MAX_LINES = 40;
const FINDINGS_SHOWN = 8;
const PROBLEMS_SHOWN = 5;
const ROWS_SHOWN = 12;
const CELL_CHARS = 300;

/** The run in at most 40 lines of Markdown (GitHub's and GitLab's): verdict, findings, figures that are not all green. */
export function markdown(result: RunResult): string {
  const { total, groups } = countVerdicts(result.verdicts);
  const [verdict = '', ...facts] = headline(result, total, pc.createColors(false), Number.POSITIVE_INFINITY);
  const sections = [
    [`## ${SIGN[result.exitCode]} netaccept: ${inline(verdict)}`, '', inline(facts.join(' · '))],
    problems(result),
    findings(result),
    figures(groups, total),
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section) => [...section, '']);
  return `${lines.slice(0, MAX_LINES).join('\n').trimEnd()}\n`;
}

const SIGN = { 0: '✅', 1: '❌', 2: '⚠️', 3: '🚫' } as const;

function problems(result: RunResult): string[] {
  const all = problemsOf(result);
  if (all.length === 0) return [];
  const lines = all
    .slice(0, PROBLEMS_SHOWN)
    .map(({ message, hint }) => `- ${inline(message)}${hint === undefined ? '' : ` → ${inline(hint)}`}`);
  return [...lines, ...more(all.length - PROBLEMS_SHOWN, 'problem')];
}

function findings({ diagnosis }: RunResult): string[] {
  const rest = diagnosis.unexplained.length;
  const left = rest === 0 ? [] : [`${rest} cases in no finding: unrelated, or a fault that comes and goes.`];
  if (diagnosis.findings.length === 0) return left;
  const rows = diagnosis.findings.slice(0, FINDINGS_SHOWN).map(findingRow);
  return [
    '| | what is broken | cases | likely | next |',
    '|-|-|-|-|-|',
    ...rows,
    ...more(diagnosis.findings.length - FINDINGS_SHOWN, 'finding'),
    ...(left.length === 0 ? [] : ['', ...left]),
  ];
}

function findingRow({ title, cases, judged, causes, next }: Finding, index: number): string {
  const cells = [`${index + 1}`, title, `${cases.length} of ${judged}`, causes[0] ?? '', next[0] ?? ''];
  return `| ${cells.map(inline).join(' | ')} |`;
}

/** Green groups are one sum: what is looked for here is what is not green. */
function figures(groups: readonly GroupCounts[], total: GroupCounts): string[] {
  if (total.expected === 0) return [];
  const told = folded(groups).filter(({ failed, errored, flaky }) => failed + errored + flaky > 0);
  const row = ({ name, passed, failed, errored, skipped, flaky }: GroupCounts) =>
    `| ${[inline(name), passed, failed, errored, skipped, flaky].join(' | ')} |`;
  return [
    '| path.check.family | passed | failed | errored | skipped | flaky |',
    '|-|-:|-:|-:|-:|-:|',
    ...told.slice(0, ROWS_SHOWN).map(row),
    ...(told.length > ROWS_SHOWN ? [`| … and ${told.length - ROWS_SHOWN} more | | | | | |`] : []),
    row({ ...total, name: 'total' }),
  ];
}

function more(count: number, noun: string): string[] {
  return count > 0 ? [`… and ${count} more ${noun}${count === 1 ? '' : 's'}`] : [];
}

/** One line that no name and no message can break out of: neither the table, nor the line, nor into HTML. */
function inline(text: string): string {
  const line = legible(text.replace(/\s*\n\s*/g, '; '));
  const cut = line.length > CELL_CHARS ? `${line.slice(0, CELL_CHARS)}…` : line;
  return cut.replace(/[\\`*_{}[\]<>|#@&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
