import pc from 'picocolors';
import type { Finding, RunResult } from '../model.ts';
import { countVerdicts, folded, type GroupCounts } from './counts.ts';
import { cut, legible } from './legible.ts';
import { problemsOf } from './problems.ts';
import { headline } from './summary-headline.ts';
import { changesOf, comparedWith, resumeText } from './summary-history.ts';

/** A merge request's comment or a job's summary is read in one look. */
export const MAX_LINES = 40;
const FINDINGS_SHOWN = 8;
const PROBLEMS_SHOWN = 5;
const RESUMES_SHOWN = 3;
const CELL_CHARS = 300;

/** The run in at most 40 lines of Markdown (GitHub's and GitLab's): verdict, findings, what changed, figures that are not all green. */
export function markdown(result: RunResult): string {
  const { total, groups } = countVerdicts(result.verdicts);
  const [verdict = '', ...facts] = headline(result, total, pc.createColors(false), Number.POSITIVE_INFINITY);
  const sections = [
    [`## ${SIGN[result.exitCode]} netaccept: ${inline(verdict)}`, '', inline(facts.join(' · '))],
    problems(result),
    findings(result),
    history(result),
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section) => [...section, '']);
  // The figures take what room is left: they are the only part that can be told in fewer rows.
  return `${[...lines, ...figures(groups, total, MAX_LINES - lines.length)].join('\n').trimEnd()}\n`;
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
    ...more(diagnosis.findings.length - FINDINGS_SHOWN, 'finding').map((text) => `| | ${text} | | | |`),
    ...(left.length === 0 ? [] : ['', ...left]),
  ];
}

function findingRow({ title, cases, judged, causes, next }: Finding, index: number): string {
  const cells = [`${index + 1}`, title, `${cases.length} of ${judged}`, causes[0] ?? '', next[0] ?? ''];
  return `| ${cells.map(inline).join(' | ')} |`;
}

/** What changed since an earlier run, on one line, and each resume on one. */
function history({ comparison, resumes }: RunResult): string[] {
  const changes = comparison === undefined ? [] : changesOf(comparison);
  const counted = changes.map(({ name, ids }) => `${name}: **${ids.length}**`);
  const told = resumes.slice(-RESUMES_SHOWN).map((resume) => inline(resumeText(resume)));
  // Two spaces at the end: a line break.
  return [
    ...(comparison === undefined ? [] : [[inline(comparedWith(comparison)), ...counted].join(' · ')]),
    ...more(resumes.length - RESUMES_SHOWN, 'earlier resume'),
    ...told,
  ].map((line, at, { length }) => (at < length - 1 ? `${line}  ` : line));
}

/** Green groups are one sum: what is looked for here is what is not green. */
function figures(groups: readonly GroupCounts[], total: GroupCounts, room: number): string[] {
  if (total.expected === 0) return [];
  const told = folded(groups).filter(({ failed, errored, flaky }) => failed + errored + flaky > 0);
  const row = ({ name, passed, failed, errored, skipped, flaky }: GroupCounts) =>
    `| ${[inline(name), passed, failed, errored, skipped, flaky].join(' | ')} |`;
  // Heading, rule and total; and a row for those that find no room.
  const rows = told.length <= room - 3 ? told.length : Math.max(0, room - 4);
  return [
    '| path.check.family | passed | failed | errored | skipped | flaky |',
    '|-|-:|-:|-:|-:|-:|',
    ...told.slice(0, rows).map(row),
    ...(told.length > rows ? [`| … and ${told.length - rows} more | | | | | |`] : []),
    row({ ...total, name: 'total' }),
  ];
}

function more(count: number, noun: string): string[] {
  return count > 0 ? [`… and ${count} more ${noun}${count === 1 ? '' : 's'}`] : [];
}

/** One line that no name and no message can break out of: neither the table, nor the line, nor into HTML. */
function inline(text: string): string {
  const line = legible(text.replace(/\s*\n\s*/g, '; '));
  return cut(line, CELL_CHARS)
    .replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`)
    .replace(LINK, `$&${BREAK}`);
}

/** What is Markdown or HTML anywhere in a line, and what begins a list or a heading at its start. */
const SPECIAL = /[\\`*_{}[\]<>|#@&~!$^]|^[-+=]|(?<=^\d{1,9})[.)](?=\s|$)/g;
/**
 * GitHub and GitLab look for links, mentions and references in the finished text, where an entity no longer protects
 * `@team` or `http://…`. They do not look across an element's border.
 */
const LINK = /&#(?:64|35|33|126|36|38);(?=\w)|\b(?:https?|ftp|mailto):|\bwww\./gi;
const BREAK = '<!-- -->';
