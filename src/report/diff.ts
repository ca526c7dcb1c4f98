import pc from 'picocolors';
import type { Comparison, ExitCode, Slower } from '../model.ts';
import { capped, type Paint, wrapped } from './layout.ts';
import { legible } from './legible.ts';
import { count } from './summary-headline.ts';

export interface RunDiff {
  /** 1 where something is newly broken. */
  exitCode: ExitCode;
  before: DiffedRun;
  after: DiffedRun;
  /** What to know before believing it; legible. */
  notes: string[];
  comparison: Comparison;
}

interface DiffedRun {
  run: string;
  started: string;
  exitCode: number;
  cluster: string;
}

/** What must be looked at is listed further than what is only good to know. */
const BROKEN_SHOWN = 50;
const OTHERS_SHOWN = 10;

/** Two runs beside each other, for a person: the worst first. No line is longer than `width` columns. */
export function diffText(diff: RunDiff, { colour, width }: { colour: boolean; width: number }): string {
  const paint = pc.createColors(colour);
  const { before, after, notes, comparison } = diff;
  const { newlyBroken, stillBroken, fixed, newlyFlaky, slower, added, gone } = comparison;
  const section = (title: string, ids: readonly string[], mark: string, shown = OTHERS_SHOWN) =>
    listed(title, ids, (id) => `${mark} ${legible(id)}`, shown, width);
  const sections = [
    [
      ...wrapped(`from ${runText(before)}`, width),
      ...wrapped(`to   ${runText(after)}`, width),
      ...notes.flatMap((note) => wrapped(`note: ${note}`, width)),
    ],
    wrapped(verdictOf(comparison), width).map((line) => verdictPaint(comparison, paint)(line)),
    section('newly broken', newlyBroken, 'F', BROKEN_SHOWN),
    section('still broken', stillBroken, 'F', BROKEN_SHOWN),
    section('fixed', fixed, '+'),
    section('newly flaky', newlyFlaky, '~'),
    [...allSlowerLines(comparison, width), ...listed('slower', slower, slowerText, OTHERS_SHOWN, width)],
    section('new, and passed', added, '+'),
    section('no longer asked', gone, '-'),
    otherSelectionLines(comparison, width),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The same for a program: the model's own fields. */
export function diffJson(diff: RunDiff): string {
  const { exitCode, before, after, notes, comparison } = diff;
  return `${JSON.stringify({ schema: 1, exitCode, before, after, notes, comparison }, null, 2)}\n`;
}

function runText({ run, started, exitCode, cluster }: DiffedRun): string {
  return `run ${legible(run)} of cluster ${legible(cluster)}, ${legible(started)}, exit ${exitCode}`;
}

function verdictOf({ newlyBroken, stillBroken, fixed }: Comparison): string {
  const rest = [
    ...(stillBroken.length > 0 ? [`${stillBroken.length} still broken`] : []),
    ...(fixed.length > 0 ? [`${fixed.length} fixed`] : []),
  ].join(', ');
  const first = newlyBroken.length === 0 ? 'nothing is newly broken' : `${newlyBroken.length} newly broken`;
  return rest === '' ? first : `${first}, ${rest}`;
}

function verdictPaint({ newlyBroken, stillBroken }: Comparison, paint: Paint): (line: string) => string {
  if (newlyBroken.length > 0) return paint.red;
  return stillBroken.length > 0 ? paint.yellow : paint.green;
}

function listed<Item>(
  title: string,
  items: readonly Item[],
  text: (item: Item) => string,
  shown: number,
  width: number,
): string[] {
  if (items.length === 0) return [];
  const line = (item: Item) => wrapped(text(item), width, '  ');
  const lines = capped(items, shown, line, (more) => `  … and ${count(more, 'more case')}`);
  return [`${count(items.length, 'case')} ${title}`, ...lines];
}

function slowerText({ id, beforeMs, afterMs }: Slower): string {
  return `~ ${legible(id)}: ${beforeMs.toFixed(1)} → ${afterMs.toFixed(1)} ms`;
}

function allSlowerLines({ allSlower }: Comparison, width: number): string[] {
  if (allSlower === undefined) return [];
  const { beforeMs, afterMs, ways } = allSlower;
  const medians = `median rtt ${beforeMs.toFixed(1)} → ${afterMs.toFixed(1)} ms`;
  return wrapped(`everything is slower: ${medians} over ${count(ways, 'way')}`, width);
}

function otherSelectionLines({ otherSelection }: Comparison, width: number): string[] {
  if (otherSelection === undefined) return [];
  const { onlyNow, onlyNowBroken, onlyThen } = otherSelection;
  const broken = onlyNowBroken === 0 ? '' : ` (${onlyNowBroken} of them broken, nobody knows since when)`;
  return wrapped(
    `The runs had different selections: only what both asked is compared. ${count(onlyNow, 'case')} only in the second${broken}, ${onlyThen} only in the first.`,
    width,
  );
}
