import type { Case, CaseVerdict, ControlVerdict } from '../model.ts';

/** What a run has so far, as its judges saw it. */
export interface Standing {
  verdicts: readonly CaseVerdict[];
  controls: readonly ControlVerdict[];
}

/**
 * Ids of the cases that a resume asks again: failed and errored ones, on demand flaky ones, and those whose detector
 * was not shown to work: where a control did not hold, a pass beside it is no proof.
 */
export function unprovenIn({ verdicts, controls }: Standing, { flaky }: { flaky: boolean }): Set<string> {
  const blind = new Set(
    controls.filter(({ state }) => state !== 'held').map(({ control }) => detectorOf(control)),
  );
  const again = verdicts.filter(
    ({ case: entry, verdict, flaky: wavered }) =>
      verdict === 'failed' ||
      verdict === 'errored' ||
      (verdict === 'passed' && ((flaky && wavered) || blind.has(detectorOf(entry)))),
  );
  return new Set(again.map(({ case: { id } }) => id));
}

/** Who asked, and how: what one control vouches for. */
function detectorOf({ check, family, source }: Pick<Case, 'check' | 'family' | 'source'>): string {
  return [check, family ?? '', source.cluster, source.network, source.node].join(' ');
}
