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
    ([index, finding]) => findingLines(finding, index, findings, paint, width),
    (more) => `  … and ${count(more, 'more finding')}`,
  );
  const rest =
    unexplained.length === 0
      ? []
      : [`${count(unexplained.length, 'case')} in no finding: unrelated, or a fault that comes and goes`];
  return [paint.bold(count(findings.length, 'finding')), ...lines, ...rest];
}

function findingLines(
  finding: Finding,
  index: number,
  all: readonly Finding[],
  paint: Paint,
  width: number,
): string[] {
  const { title, cases, judged, contradicting, confidence, causes, next } = finding;
  const against = contradicting === 0 ? '' : `, ${contradicting} against it`;
  const evidence = `${count(cases.length, 'case')} of ${judged} in its scope${against}; confidence ${confidence}`;
  const [cause] = causes;
  const [command] = next;
  // One root cause can make several findings: a reader should see that, and not read the same again.
  const told = all.slice(0, index).findIndex((earlier) => earlier.causes[0] === cause);
  const likely = told === -1 ? legible(cause ?? '') : `as in ${told + 1}`;
  const [first = '', ...more] = wrapped(`${index + 1}. ${legible(title)}`, width, '  ');
  return [
    paint.bold(first),
    ...more,
    ...wrapped(evidence, width, '     '),
    ...(cause === undefined ? [] : wrapped(`likely: ${likely}`, width, '     ')),
    ...(command === undefined ? [] : wrapped(`next: ${legible(command)}`, width, '     ')),
  ];
}
