import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checkNamed, checks } from '../../../src/checks/registry.ts';
import type { Aim } from '../../../src/checks/shared/check.ts';
import type { Agent, Topology } from '../../../src/model.ts';

function aimAt(id: string, topology: Topology): Aim {
  const check = checkNamed(id.split('/')[1] ?? '');
  const entry = check?.expand(topology, settings()).find((candidate) => candidate.id === id);
  if (!check || !entry) throw new Error(`no case ${id}`);
  return check.aim(entry, topology, settings());
}

describe('in a healthy cluster', () => {
  test.each([
    ['pod-to-pod/tcp/v4 node-1 → node-2', '10.244.2.2', 29801, ['uid-pod-prober-2'], 1],
    ['pod-to-pod/http/v6 node-1 → node-2', 'fd00:244:2::2', 29802, ['uid-pod-prober-2'], 1],
    ['pod-to-pod/udp/v4 node-1 → node-1', '10.244.1.3', 29803, ['uid-pod-peer-1'], 5],
    ['node-to-pod/tcp/v4 node-1 → node-1', '10.244.1.2', 29801, ['uid-pod-prober-1'], 1],
    ['node-to-pod/tcp/v6 node-2 → node-1', 'fd00:244:1::2', 29801, ['uid-pod-prober-1'], 1],
    ['pod-to-node/tcp/v4 node-2 → node-2', '172.30.0.3', 29801, ['uid-host-prober-2'], 1],
    ['pod-to-node/udp/v6 node-2 → node-1', 'fd00:30::2', 29803, ['uid-host-prober-1'], 5],
    ['node-to-node/http/v4 node-1 → node-2', '172.30.0.3', 29802, ['uid-host-prober-2'], 1],
    ['pod-to-pod/icmp/v4 node-1 → node-2', '10.244.2.2', 0, [], 3],
    ['node-to-node/icmp/v6 node-1 → node-2', 'fd00:30::3', 0, [], 3],
  ])('%s goes to %s port %i and expects %j', (id, address, port, expect_, count) => {
    expect(aimAt(id, dualStack(2))).toEqual({ kind: 'probe', address, port, count, expect: expect_ });
  });

  test('every case between two Nodes is sent', () => {
    const topology = dualStack(3);
    const kinds = checks
      .filter(({ name }) => ['tcp', 'http', 'udp', 'icmp'].includes(name))
      .flatMap((check) =>
        check.expand(topology, settings()).map((entry) => check.aim(entry, topology, settings()).kind),
      );
    expect(kinds).toEqual(Array(4 * 4 * 2 * 9).fill('probe'));
  });
});

const changed = (pod: string, change: (agent: Agent) => void): Topology => {
  const topology = dualStack(2);
  for (const agent of topology.agents) if (agent.pod === pod) change(agent);
  return topology;
};

const unsent = (attempt: object) => ({ kind: 'unsent', attempt });

describe('without a ready agent nothing is known', () => {
  const broken = (pod: string) =>
    changed(pod, (agent) => {
      agent.ready = false;
      agent.problem = 'ImagePullBackOff: no such image';
    });

  test.each([
    [
      'source',
      'pod-to-pod/tcp/v4 node-1 → node-2',
      'pod-prober-1',
      'no-agent',
      'pod-network agent on node-1',
    ],
    [
      'target',
      'pod-to-pod/icmp/v4 node-2 → node-1',
      'pod-prober-1',
      'no-target-agent',
      'pod-network agent on node-1',
    ],
    [
      'target node',
      'pod-to-node/tcp/v4 node-1 → node-2',
      'host-prober-2',
      'no-target-agent',
      'host-network agent on node-2',
    ],
    [
      'source node',
      'node-to-pod/udp/v4 node-2 → node-2',
      'host-prober-2',
      'no-agent',
      'host-network agent on node-2',
    ],
    [
      'peer',
      'pod-to-pod/udp/v6 node-1 → node-1',
      'pod-peer-1',
      'no-target-agent',
      'second pod-network agent on node-1',
    ],
  ])('%s: %s', (_which, id, pod, cause, who) => {
    const detail = `${who}: ImagePullBackOff: no such image`;
    expect(aimAt(id, broken(pod))).toEqual(unsent({ outcome: 'unobserved', cause, detail }));
  });

  test('the source comes first, and a pod that is not there at all is said', () => {
    const topology = dualStack(2);
    topology.agents = [];
    expect(aimAt('node-to-node/tcp/v4 node-1 → node-2', topology)).toEqual(
      unsent({
        outcome: 'unobserved',
        cause: 'no-agent',
        detail: 'host-network agent on node-1: no such pod',
      }),
    );
  });

  test('a broken peer does not matter to other pairs', () => {
    expect(aimAt('pod-to-pod/tcp/v4 node-2 → node-1', broken('pod-peer-1')).kind).toBe('probe');
  });

  test('of an old and a new pod on a node the ready one counts, in any order', () => {
    const topology = dualStack(1);
    const old = { ...topology.agents[0], uid: 'uid-old', ready: false } as Agent;
    for (const agents of [
      [old, ...topology.agents],
      [...topology.agents, old],
    ]) {
      expect(aimAt('node-to-pod/tcp/v4 node-1 → node-1', { ...topology, agents })).toMatchObject({
        expect: ['uid-pod-prober-1'],
      });
    }
  });
});

describe('an address that a node or pod lacks and the cluster has is a finding, not a missing case', () => {
  const podless = changed('pod-prober-2', (agent) => {
    agent.addresses = { v4: '10.244.2.2' };
  });
  const nodeless = dualStack(2);
  for (const node of nodeless.nodes) if (node.name === 'node-2') node.addresses = { v6: 'fd00:30::3' };

  test.each([
    [
      'pod-to-pod/tcp/v6 node-1 → node-2',
      podless,
      'pod pod-prober-2 on node-2 has no IPv6 address, the cluster has',
    ],
    [
      'pod-to-pod/tcp/v6 node-2 → node-1',
      podless,
      'pod pod-prober-2 on node-2 has no IPv6 address, the cluster has',
    ],
    [
      'pod-to-node/icmp/v6 node-2 → node-1',
      podless,
      'pod pod-prober-2 on node-2 has no IPv6 address, the cluster has',
    ],
    ['node-to-node/tcp/v4 node-1 → node-2', nodeless, 'node node-2 has no IPv4 address, the cluster has'],
    ['node-to-node/tcp/v4 node-2 → node-2', nodeless, 'node node-2 has no IPv4 address, the cluster has'],
  ])('%s', (id, topology, detail) => {
    expect(aimAt(id, topology)).toEqual(unsent({ outcome: 'no-address', detail }));
  });

  test('at both ends both are named', () => {
    const both = structuredClone(podless);
    for (const node of both.nodes) if (node.name === 'node-1') delete node.addresses.v6;
    const detail = 'node node-1 and pod pod-prober-2 on node-2 have no IPv6 address, the cluster has';
    expect(aimAt('node-to-pod/tcp/v6 node-1 → node-2', both)).toEqual(
      unsent({ outcome: 'no-address', detail }),
    );
  });

  test('the other family is not touched', () => {
    expect(aimAt('pod-to-pod/tcp/v4 node-1 → node-2', podless).kind).toBe('probe');
  });
});

test('controls: a closed port where there are ports, and a silent address', () => {
  const { closed, ...ports } = settings().agents.ports;
  for (const name of ['tcp', 'http', 'udp'] as const) {
    const count = name === 'udp' ? 5 : 1;
    expect(checkNamed(name)?.controls(settings())).toEqual([
      { kind: 'closed-port', port: closed, count },
      { kind: 'silent-address', port: ports[name], count },
    ]);
  }
  expect(checkNamed('icmp')?.controls(settings())).toEqual([{ kind: 'silent-address', port: 0, count: 3 }]);
});
