import { expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { http } from '../../../src/checks/http.ts';
import { icmp } from '../../../src/checks/icmp.ts';
import { expandPairs } from '../../../src/checks/shared/pairs.ts';
import { tcp } from '../../../src/checks/tcp.ts';
import { udp } from '../../../src/checks/udp.ts';
import type { Family, Topology } from '../../../src/model.ts';

const idsOf = (topology: Topology) =>
  [tcp, http, udp, icmp].flatMap((check) => check.expand(topology, settings()).map(({ id }) => id));

test.each([1, 2, 4, 7])(
  '%i dual-stack Nodes make 4 paths × 4 checks × 2 families × N² cases, each once',
  (count) => {
    const ids = idsOf(dualStack(count));
    expect(ids).toHaveLength(4 * 4 * 2 * count ** 2);
    expect(new Set(ids).size).toBe(ids.length);
  },
);

test('a case says where it starts and ends, from names only', () => {
  const cases = expandPairs('tcp', dualStack(2), settings());
  expect(cases.find(({ id }) => id === 'pod-to-node/tcp/v6 node-1 → node-2')).toEqual({
    id: 'pod-to-node/tcp/v6 node-1 → node-2',
    check: 'tcp',
    path: 'pod-to-node',
    family: 'v6',
    source: { cluster: 'c', node: 'node-1', network: 'pod' },
    target: { cluster: 'c', name: 'node-2', node: 'node-2', network: 'host' },
    locality: 'cross-node',
  });
  expect(cases.find(({ id }) => id === 'node-to-pod/tcp/v4 node-2 → node-2')).toMatchObject({
    source: { network: 'host' },
    target: { network: 'pod' },
    locality: 'same-node',
  });
  expect(JSON.stringify(cases)).not.toMatch(/10\.244|fd00/);
});

const without = (family: Family, network: 'pod' | 'host'): Topology => {
  const topology = dualStack(2);
  for (const node of topology.nodes) {
    if (network === 'pod') node.podFamilies = node.podFamilies.filter((name) => name !== family);
    else delete node.addresses[family];
  }
  for (const agent of topology.agents) if (agent.network === network) delete agent.addresses[family];
  return topology;
};

const pathsOf = (topology: Topology, family: Family) => [
  ...new Set(
    expandPairs('tcp', topology, settings()).flatMap((entry) => (entry.family === family ? entry.path : [])),
  ),
];

test('a family that a whole network does not have is expected of no path that touches it', () => {
  expect(pathsOf(without('v6', 'pod'), 'v6')).toEqual(['node-to-node']);
  expect(pathsOf(without('v6', 'host'), 'v6')).toEqual(['pod-to-pod']);
  expect(pathsOf(without('v6', 'pod'), 'v4')).toHaveLength(4);
});

test('a family that one node lacks is still expected of it', () => {
  const topology = dualStack(2);
  topology.nodes[1] = {
    ...dualStack(2).nodes[1],
    addresses: { v4: '172.30.0.3' },
  } as (typeof topology.nodes)[1];
  expect(idsOf(topology)).toEqual(idsOf(dualStack(2)));
});

test('without host-network agents only pod-to-pod is left, the rest is there and says why not', () => {
  const cases = expandPairs(
    'udp',
    dualStack(2),
    settings((draft) => {
      draft.agents.hostNetwork = false;
    }),
  );
  const rules = Map.groupBy(cases, (entry) => entry.skip ?? 'none');
  expect(cases).toHaveLength(32);
  expect(rules.get('host-network agents are switched off (agents.hostNetwork)')).toHaveLength(24);
  expect(new Set(rules.get('none')?.map((entry) => entry.path))).toEqual(new Set(['pod-to-pod']));
});

test('without peers same-node pod-to-pod is left out, and nothing else', () => {
  const cases = expandPairs(
    'tcp',
    dualStack(2),
    settings((draft) => {
      draft.agents.peer = false;
    }),
  );
  const skipped = cases.filter((entry) => entry.skip !== undefined);
  expect(skipped.map((entry) => entry.id)).toEqual([
    'pod-to-pod/tcp/v4 node-1 → node-1',
    'pod-to-pod/tcp/v4 node-2 → node-2',
    'pod-to-pod/tcp/v6 node-1 → node-1',
    'pod-to-pod/tcp/v6 node-2 → node-2',
  ]);
  expect(skipped[0]?.skip).toMatch(/^no second pod on the node \(agents\.peer\): /);
});
