import type { Check } from '../checks/shared/check.ts';
import type { Case, Settings } from '../model.ts';

/** Names of the checks of which a path is left: what the others need is neither made nor asked for. */
export function selectedChecks(
  settings: Pick<Settings, 'only' | 'skip'>,
  checks: readonly Pick<Check, 'name' | 'paths'>[],
): Set<string> {
  const chosen = checks.filter((check) => selectsAnything(settings, checks, [check]));
  return new Set(chosen.map(({ name }) => name));
}

/** Whether any combination of check and path is left at all: known before the cluster is touched. */
export function selectsAnything(
  settings: Pick<Settings, 'only' | 'skip'>,
  checks: readonly Pick<Check, 'name' | 'paths'>[],
  among = checks,
): boolean {
  const names = checks.map(({ name }) => name);
  return among.some(({ name, paths }) =>
    paths.some((path) => isSelected({ check: name, path }, settings, names)),
  );
}

/**
 * Whether `--only` and `--skip` let a case through. Both lists may hold check names and path names:
 * a case is selected if it matches (any listed check, or none is listed) and (any listed path, or none
 * is listed), and nothing that is skipped.
 */
export function isSelected(
  entry: Pick<Case, 'check' | 'path'>,
  settings: Pick<Settings, 'only' | 'skip'>,
  checkNames: readonly string[],
): boolean {
  const { only, skip } = settings;
  if (skip.includes(entry.check) || skip.includes(entry.path)) return false;
  const checks = only.filter((name) => checkNames.includes(name));
  const paths = only.filter((name) => !checkNames.includes(name));
  return (
    (checks.length === 0 || checks.includes(entry.check)) &&
    (paths.length === 0 || paths.includes(entry.path))
  );
}
