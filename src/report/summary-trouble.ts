import type { CaseVerdict, ControlVerdict, Problem } from '../model.ts';
import { sortedBy } from '../order.ts';
import { capped, type Paint, wrapped } from './layout.ts';
import { legible } from './legible.ts';
import { count } from './summary-headline.ts';

const PROBLEMS_SHOWN = 50;
const CONTROLS_SHOWN = 20;
const RULES_SHOWN = 20;

/** Set-up failures and violated invariants, each with what to do next. */
export function problemList(problems: readonly Problem[], paint: Paint, width: number): string[] {
  if (problems.length === 0) return [];
  const lines = ({ code, message, hint }: Problem) => [
    ...`[${legible(code)}] ${message}`.split('\n').flatMap((line) => wrapped(legible(line), width, '  ')),
    ...(hint === undefined ? [] : wrapped(`→ ${legible(hint)}`, width, '    ')),
  ];
  const shown = capped(problems, PROBLEMS_SHOWN, lines, (more) => `  … and ${count(more, 'more problem')}`);
  return [paint.bold(paint.red(count(problems.length, 'problem'))), ...shown];
}

/** Controls that were answered, then those nobody could observe: both end the run with 2. */
export function brokenControls(controls: readonly ControlVerdict[], paint: Paint, width: number): string[] {
  return (['broken', 'unobserved'] as const).flatMap((state) => {
    const members = sortedBy(
      controls.filter((entry) => entry.state === state),
      (entry) => entry.control.id,
    );
    if (members.length === 0) return [];
    const line = ({ control, sentence }: ControlVerdict) =>
      wrapped(`${legible(control.id)}: ${legible(sentence)}`, width, '  ');
    const shown = capped(members, CONTROLS_SHOWN, line, (more) => `  … and ${count(more, 'more control')}`);
    const colour = state === 'broken' ? paint.red : paint.yellow;
    return [paint.bold(colour(`${count(members.length, 'control')} ${state}`)), ...shown];
  });
}

/** How many cases each rule of the configuration left out. */
export function skippedRules(verdicts: readonly CaseVerdict[], width: number): string[] {
  const skipped = verdicts.filter((entry) => entry.verdict === 'skipped');
  const byRule = Map.groupBy(skipped, (entry) => legible(entry.case.skip ?? entry.sentence));
  const rules = sortedBy(byRule, ([rule]) => rule);
  const line = ([rule, members]: [string, CaseVerdict[]]) =>
    wrapped(`${count(members.length, 'case')} skipped: ${rule}`, width);
  return capped(rules, RULES_SHOWN, line, (more) => `… and ${count(more, 'more rule')}`);
}

/** That the detector was put to the test; silent only where there was nothing to detect. */
export function controlsLine(
  controls: readonly ControlVerdict[],
  verdicts: readonly CaseVerdict[],
  width: number,
): string[] {
  if (controls.length === 0) return verdicts.length === 0 ? [] : ['no controls ran'];
  const by = (state: ControlVerdict['state']) => controls.filter((entry) => entry.state === state).length;
  const rest = (['broken', 'unobserved'] as const).filter((state) => by(state) > 0);
  return wrapped(
    [`${count(by('held'), 'control')} held`, ...rest.map((state) => `${by(state)} ${state}`)].join(', '),
    width,
  );
}
