import type { Diagnosis, Finding } from '../model.ts';
import { capped, type Paint, wrapped } from './layout.ts';
import { legible } from './legible.ts';
import { count } from './summary-headline.ts';

const FINDINGS_SHOWN = 8;

/** What is broken, before any figure: each finding with what speaks for it, the likely cause and what to do next. */
export function findingList({ findings, unexplained }: Diagnosis, paint: Paint, width: number): string[] {
  if (findings.length === 0 && unexplained.length === 0) return [];
  const lines = capped(
    [...findings.entries()],
    FINDINGS_SHOWN,
    ([index, finding]) => findingLines(finding, index + 1, paint, width),
    (more) => `  … and ${count(more, 'more finding')}`,
  );
  const rest =
    unexplained.length === 0
      ? []
      : [`${count(unexplained.length, 'case')} in no finding: unrelated, or a fault that comes and goes`];
  return [paint.bold(count(findings.length, 'finding')), ...lines, ...rest];
}

function findingLines(finding: Finding, rank: number, paint: Paint, width: number): string[] {
  const { title, cases, judged, contradicting, confidence, causes, next } = finding;
  const against = contradicting === 0 ? '' : `, ${contradicting} against it`;
  const evidence = `${count(cases.length, 'case')} of ${judged} in its scope${against}; confidence ${confidence}`;
  const [cause] = causes;
  const [command] = next;
  const [first = '', ...more] = wrapped(`${rank}. ${legible(title)}`, width, '  ');
  return [
    paint.bold(first),
    ...more,
    ...wrapped(evidence, width, '     '),
    ...(cause === undefined ? [] : wrapped(`likely: ${legible(cause)}`, width, '     ')),
    ...(command === undefined ? [] : wrapped(`next: ${legible(command)}`, width, '     ')),
  ];
}
