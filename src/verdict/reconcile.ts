import type { Case, CaseVerdict, Problem } from '../model.ts';

/**
 * One verdict per expected case, found by walking the cases and never by counting the answers: what the
 * judges did not return is `errored`, and what they returned for no case or twice is a problem.
 */
export function reconcile(
  cases: readonly Case[],
  judged: readonly CaseVerdict[],
): { verdicts: CaseVerdict[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const byId = new Map<string, CaseVerdict>();
  const known = new Set(cases.map((entry) => entry.id));
  for (const verdict of judged) {
    const id = verdict.case.id;
    if (!known.has(id)) problems.push(violated(`a verdict came for "${id}", which is not in the matrix`));
    else if (byId.has(id)) problems.push(violated(`two verdicts came for "${id}"`));
    else byId.set(id, verdict);
  }
  const verdicts = cases.map((entry) => byId.get(entry.id) ?? unjudged(entry));
  if (known.size !== cases.length) problems.push(violated('the matrix holds a case twice'));
  return { verdicts, problems };
}

function unjudged(entry: Case): CaseVerdict {
  const sentence = 'no judge returned a verdict for this case';
  return { case: entry, verdict: 'errored', reason: 'not-run', sentence, flaky: false, attempts: [] };
}

function violated(message: string): Problem {
  return { code: 'reconcile', message };
}
