import type { Comparison, Resume } from '../model.ts';
import { capped, type Paint, shortened, wrapped } from './layout.ts';
import { legible } from './legible.ts';
import { count } from './summary-headline.ts';

const RESUMES_SHOWN = 3;

/** What became of the cases since an earlier run: a line for each kind of change that there is, with an example. */
export function comparisonLines(comparison: Comparison | undefined, paint: Paint, width: number): string[] {
  if (comparison === undefined) return [];
  const changes = changesOf(comparison);
  const label = Math.max(...changes.map(({ name }) => name.length));
  const digits = Math.max(...changes.map(({ ids }) => String(ids.length).length));
  const lines = changes.map(({ name, ids, example, colour }) => {
    const figure = `  ${name.padEnd(label)} ${String(ids.length).padStart(digits)}`;
    const more = ids.length > 1 ? ', …' : '';
    const text = shortened(`${figure}  ${legible(example)}`, width - more.length) + more;
    return colour === undefined ? text : paint[colour](text);
  });
  const [first = '', ...rest] = wrapped(comparedWith(comparison), width);
  return [paint.bold(first), ...rest, ...lines];
}

interface Change {
  name: string;
  ids: readonly unknown[];
  example: string;
  colour?: 'red' | 'green' | 'yellow' | 'cyan';
}

/** Kinds of change that there are, the worst first. */
export function changesOf({ newlyBroken, fixed, stillBroken, newlyFlaky, slower }: Comparison): Change[] {
  const [slow] = slower;
  const changes: Change[] = [
    { name: 'newly broken', ids: newlyBroken, example: newlyBroken[0] ?? '', colour: 'red' },
    { name: 'still broken', ids: stillBroken, example: stillBroken[0] ?? '', colour: 'yellow' },
    { name: 'fixed', ids: fixed, example: fixed[0] ?? '', colour: 'green' },
    { name: 'newly flaky', ids: newlyFlaky, example: newlyFlaky[0] ?? '', colour: 'cyan' },
    {
      name: 'slower',
      ids: slower,
      example:
        slow === undefined ? '' : `${slow.beforeMs.toFixed(2)} → ${slow.afterMs.toFixed(2)} ms: ${slow.id}`,
    },
  ];
  return changes.filter(({ ids }) => ids.length > 0);
}

/** The earlier run, what cannot be compared with it, and that nothing has changed if nothing has. */
export function comparedWith(comparison: Comparison): string {
  const { against, added, gone } = comparison;
  const facts = [
    ...(changesOf(comparison).length === 0 ? ['nothing broke, nothing was mended'] : []),
    ...(added.length === 0 ? [] : [`${count(added.length, 'case')} new`]),
    ...(gone.length === 0 ? [] : [`${count(gone.length, 'case')} gone`]),
  ];
  const told = facts.length === 0 ? '' : `: ${facts.join(', ')}`;
  return `compared with run ${legible(against.run)} (exit ${against.exitCode})${told}`;
}

/** Each resume, the latest ones where there were many. */
export function resumeLines(resumes: readonly Resume[], width: number): string[] {
  const line = (resume: Resume) => wrapped(resumeText(resume), width);
  return capped(
    resumes.toReversed(),
    RESUMES_SHOWN,
    line,
    (more) => `… and ${count(more, 'earlier resume')}`,
  );
}

export function resumeText({ started, seconds, cases, passed }: Resume): string {
  return `resumed ${legible(started.replace(/\.\d+Z$/, 'Z'))}: ${count(cases, 'case')} run again, ${passed} of them passed (${seconds.toFixed(1)} s)`;
}
