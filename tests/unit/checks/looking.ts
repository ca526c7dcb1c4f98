import type { Look } from '../../../src/checks/shared/check.ts';
import type { Attempt, Case, Settings, Topology } from '../../../src/model.ts';

/** What a judge may look at, with the last attempts that were seen by case. */
export function lookAt(
  topology: Topology,
  settings: Settings,
  cases: readonly Case[],
  seen: Record<string, Attempt>,
): Look {
  const gathered = new Map<string, unknown>();
  return {
    topology,
    settings,
    cases,
    seen: (id) => seen[id],
    agentsAfter: topology.agents,
    nodesAfter: topology.nodes,
    once<T>(key: string, make: () => T): T {
      if (!gathered.has(key)) gathered.set(key, make());
      return gathered.get(key) as T;
    },
  };
}
