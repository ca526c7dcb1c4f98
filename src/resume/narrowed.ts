import type { Check } from '../checks/shared/check.ts';
import type { Case, Settings } from '../model.ts';

/**
 * The recorded settings with only those checks that have something to run again: what the others need is neither made
 * nor asked for. Paths that were chosen stay chosen.
 */
export function narrowed(
  settings: Settings,
  again: readonly Pick<Case, 'check'>[],
  checks: readonly Check[],
): Settings {
  const names = new Set<string>(checks.map(({ name }) => name));
  const needed = new Set(again.map(({ check }) => check));
  const paths = settings.only.filter((name) => !names.has(name));
  return { ...settings, only: [...paths, ...[...names].filter((name) => needed.has(name))] };
}
