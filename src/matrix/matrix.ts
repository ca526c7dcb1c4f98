import type { Check } from '../checks/shared/check.ts';
import type { Case, Settings, Topology } from '../model.ts';
import { sortedBy } from '../order.ts';
import { isSelected } from './select.ts';

/**
 * Every case that this cluster and these settings call for, bytewise by id, computed before anything
 * is probed: what is missing from the answers later can only be seen against this.
 */
export function expandMatrix(checks: readonly Check[], topology: Topology, settings: Settings): Case[] {
  const names = checks.map((check) => check.name);
  const cases = checks
    .flatMap((check) => check.expand(topology, settings))
    .filter((entry) => isSelected(entry, settings, names));
  return sortedBy(cases, (entry) => entry.id);
}
