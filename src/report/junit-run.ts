// What is no case but can end a run all the same: its controls, and its problems.
import type { Problem } from '../model.ts';
import { sortedBy } from '../order.ts';
import { type Suite, type SuiteOptions, suite } from './junit-suite.ts';
import { legible } from './legible.ts';
import { problemsOf } from './problems.ts';

export function controlSuite(options: SuiteOptions): Suite[] {
  const items = sortedBy(options.result.controls, (entry) => entry.control.id);
  if (items.length === 0) return [];
  return [
    suite('netaccept.controls', options, {
      items,
      verdictOf: ({ state }) => (state === 'held' ? 'passed' : 'errored'),
      caseOf: ({ control, state, sentence }) => {
        const type = `control-${state}`;
        const said = legible(sentence) || type;
        return { name: legible(control.id), type, message: said, text: said };
      },
    }),
  ];
}

/** One case however many problems there are: its name stays the same from run to run. */
export function runSuite(options: SuiteOptions): Suite[] {
  const problems = problemsOf(options.result);
  const [first, ...rest] = problems;
  if (first === undefined) return [];
  const type = legible(first.code) || 'unknown';
  const message = (legible(first.message) || type) + (rest.length === 0 ? '' : ` (and ${rest.length} more)`);
  const text = problems.flatMap(problemLines).join('\n');
  return [
    suite('netaccept.run', options, {
      items: [{ name: 'the run itself', type, message, text }],
      verdictOf: () => 'errored',
      caseOf: (only) => only,
    }),
  ];
}

function problemLines({ code, message, hint }: Problem): string[] {
  const lines = message.split('\n').map(legible);
  return [
    `[${legible(code)}] ${lines.join('\n  ')}`,
    ...(hint === undefined ? [] : [`  → ${legible(hint)}`]),
  ];
}
