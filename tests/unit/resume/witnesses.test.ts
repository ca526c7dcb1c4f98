// Whatever a judge looks at beside its own case must be run again with it: else a resume would judge by old news.
import { expect, test } from 'vitest';
import { withClusterServices } from '../../../fixtures/topologies/cluster-services.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { withServices } from '../../../fixtures/topologies/with-services.ts';
import { checks } from '../../../src/checks/registry.ts';
import type { Check, Look } from '../../../src/checks/shared/check.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Attempt, Case } from '../../../src/model.ts';
import { refit } from '../../../src/resume/refit.ts';

const topology = withClusterServices(withServices(dualStack(3)));
const chosen = settings((draft) => {
  draft.policy.own = true;
  draft.policy.blocked = [
    {
      name: 'closed',
      from: 'pod',
      target: { host: '10.9.8.7', port: 80 },
      protocol: 'tcp',
      payload: '',
      answersOn: '',
    } as never,
  ];
  draft.udpPort.ports = [4789];
});
const all = expandMatrix(checks, topology, chosen);

/** Ids of other cases that the judge of `entry` asks for. */
function lookedAt(check: Check, entry: Case, last: Attempt | undefined): string[] {
  const asked = new Set<string>();
  const look: Look = {
    topology,
    settings: chosen,
    cases: all,
    agentsAfter: topology.agents,
    nodesAfter: topology.nodes,
    seen: (id) => {
      asked.add(id);
      return undefined;
    },
    // Nothing is kept: each case has to ask for itself.
    once: (_key, make) => make(),
  };
  try {
    check.judge?.(entry, last, look);
  } catch {
    // Of half a finding a judge can make nothing; whom it asked before counts all the same.
  }
  asked.delete(entry.id);
  const known = new Set(all.map(({ id }) => id));
  return [...asked].filter((id) => known.has(id));
}

const outcomes: Attempt[] = [
  { outcome: 'timed-out' },
  { outcome: 'reached', found: { devices: [], routes: [], rules: [] } },
  { outcome: 'unobserved', cause: 'local-fault', detail: 'EADDRINUSE' },
];

test.each(checks.map((check: Check) => [check.name, check] as const))('%s', (name, check) => {
  const cases = all.filter((entry) => entry.check === name && entry.skip === undefined);
  for (const entry of cases) {
    const { cases: again } = refit(all, all, new Set([entry.id]), checks);
    const ran = new Set(again.map(({ id }) => id));
    const derived = check.aim(entry, topology, chosen).kind === 'derived';
    for (const last of derived ? [undefined] : outcomes) {
      expect(lookedAt(check, entry, last).filter((id) => !ran.has(id))).toEqual([]);
    }
  }
});

test('the judges that look further are among those looked at', () => {
  const far = (checks as readonly Check[]).filter((check) =>
    all.some(
      (entry) =>
        entry.check === check.name &&
        entry.skip === undefined &&
        [...outcomes, undefined].some((last) => lookedAt(check, entry, last).length > 0),
    ),
  );
  expect(far.map(({ name }) => name)).toEqual(['services', 'udp-port', 'policy', 'node']);
});
