import pc from 'picocolors';
import type { RunResult } from '../model.ts';
import { countVerdicts } from './counts.ts';
import { legible } from './legible.ts';
import { problemsOf } from './problems.ts';
import { count, headline } from './summary-headline.ts';

export interface Brief {
  /** `FAILED (exit 1): 12 of 1354 cases failed`. */
  verdict: string;
  /** Which run of which cluster. */
  facts: string;
  /** What went wrong, the worst first: problems, then findings, each one line. Empty where all passed. */
  reasons: string[];
}

/** The run in a few lines, for a place that holds no more: a pod's status, an Event, a chat. */
export function briefOf(result: RunResult): Brief {
  const { total } = countVerdicts(result.verdicts);
  const [verdict = '', ...facts] = headline(result, total, pc.createColors(false), Number.POSITIVE_INFINITY);
  const { findings, unexplained } = result.diagnosis;
  const said = problemsOf(result).map(
    ({ message, hint }) => `${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
  const found = findings.map(
    ({ title, cases, next: [next] }) =>
      `${title}: ${count(cases.length, 'case')}${next === undefined ? '' : `; next: ${next}`}`,
  );
  const rest = unexplained.length === 0 ? [] : [inNoFinding(result)];
  return { verdict, facts: facts.join('; '), reasons: [...said, ...found, ...rest].map(legible) };
}

/** With one of them, because a case alone is no pattern and yet all there is to say. */
function inNoFinding({ verdicts, diagnosis: { unexplained } }: RunResult): string {
  const ids = new Set(unexplained);
  const one = verdicts.find((entry) => ids.has(entry.case.id));
  const such = one === undefined ? '' : `, such as ${one.case.id}: ${one.sentence}`;
  return `${count(unexplained.length, 'case')} in no finding${such}`;
}

/** As many whole lines of it as fit `maxBytes`; of a first line that is too long, its beginning. */
export function briefText({ verdict, facts, reasons }: Brief, maxBytes: number): string {
  const lines = [verdict, ...reasons.map((reason, index) => `${index + 1}. ${reason}`)];
  return fitting([...lines.slice(0, 1), facts, ...lines.slice(1)], maxBytes);
}

/** Verdict and first reason: one line. */
export function briefLine({ verdict, reasons }: Brief, maxBytes: number): string {
  return fitting([[verdict, ...reasons.slice(0, 1)].join('. ')], maxBytes);
}

function fitting(lines: readonly string[], maxBytes: number): string {
  const more = (left: number) => `… and ${left} more`;
  const reserved = Buffer.byteLength(`\n${more(lines.length)}`);
  let text = '';
  for (const [index, line] of lines.entries()) {
    const next = index === 0 ? line : `${text}\n${line}`;
    const last = index === lines.length - 1;
    if (Buffer.byteLength(next) > maxBytes - (last ? 0 : reserved)) {
      return index === 0 ? cut(line, maxBytes) : `${text}\n${more(lines.length - index)}`;
    }
    text = next;
  }
  return text;
}

/** Never in the middle of a character. */
function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text).subarray(0, maxBytes - 3);
  return `${bytes.toString('utf8').replace(/\uFFFD+$/, '')}…`;
}
