import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import type { LargeFound } from '../../../src/checks/shared/large-path.ts';
import type { Owner } from '../../../src/checks/shared/port-owner.ts';
import { judgeUdpPort, type UdpPortFound } from '../../../src/checks/shared/udp-port-ruling.ts';
import { udpPort } from '../../../src/checks/udp-port.ts';
import type { Attempt, Topology } from '../../../src/model.ts';

const withPorts = (...ports: number[]) =>
  settings((draft) => {
    draft.udpPort.ports = ports;
  });

test('without ports there is nothing to do', () => {
  expect(udpPort.expand(dualStack(4), settings())).toEqual([]);
  expect(udpPort.controls(settings())).toEqual([]);
});

test.each([1, 2, 4])('2 ports on %i dual-stack Nodes make 2 × 2 families × N² cases', (nodes) => {
  const ids = udpPort.expand(dualStack(nodes), withPorts(4789, 14_789)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(2 * 2 * nodes ** 2);
});

const caseIn = (id: string, topology = dualStack(2)) => {
  const entry = udpPort.expand(topology, withPorts(4789, 14_789)).find((candidate) => candidate.id === id);
  if (!entry) throw new Error(id);
  return entry;
};

test('the port is part of the name', () => {
  expect(caseIn('node-to-node/udp-port/v6 node-1 → node-2:14789')).toMatchObject({
    target: { name: 'node-2:14789', node: 'node-2', network: 'host' },
    about: { port: '14789' },
  });
});

test('without host-network agents its cases are skipped with that reason', () => {
  const chosen = withPorts(4789);
  chosen.agents.hostNetwork = false;
  const skips = udpPort.expand(dualStack(1), chosen).map(({ skip }) => skip);
  expect(skips).toEqual(Array(2).fill('host-network agents are switched off (agents.hostNetwork)'));
});

const aimAt = (id: string, topology: Topology = dualStack(2)) =>
  udpPort.aim(caseIn(id), topology, withPorts(4789, 14_789));

test('it knows the target, its own responder, and the pod behind a tunnel', () => {
  expect(aimAt('node-to-node/udp-port/v4 node-1 → node-2:4789')).toEqual({
    kind: 'probe',
    address: '172.30.0.3',
    port: 4789,
    count: 5,
    expect: ['uid-host-prober-2', 'uid-pod-prober-2'],
    ask: {
      vxlan: false,
      own: { uid: 'uid-host-prober-1', address: '172.30.0.2', tcpPort: 29801 },
      inside: {
        address: '10.244.2.2',
        uid: 'uid-pod-prober-2',
        tcpPort: 29801,
        udpPort: 29803,
        bytes: 65_536,
      },
    },
  });
});

test('a pod with another family proves the tunnel as well; none is no reason not to ask', () => {
  const other = dualStack(2);
  for (const agent of other.agents)
    if (agent.pod === 'pod-prober-2') agent.addresses = { v6: 'fd00:244:2::2' };
  expect(aimAt('node-to-node/udp-port/v4 node-1 → node-2:4789', other)).toMatchObject({
    ask: { inside: { address: 'fd00:244:2::2' } },
  });
  for (const agent of other.agents) if (agent.pod === 'pod-prober-2') agent.ready = false;
  const aim = aimAt('node-to-node/udp-port/v4 node-1 → node-2:4789', other);
  expect(aim).toMatchObject({ kind: 'probe', expect: ['uid-host-prober-2'] });
  expect(aim).not.toHaveProperty('ask.inside');
});

const vxlan: Owner = { by: 'tunnel', device: 'vxlan0', kind: 'vxlan', vni: 1, up: true };
const whole: LargeFound = {
  mtu: 1450,
  bytes: 65_536,
  ping: { size: 1450, answered: true },
  udp: { small: true, full: true, fragments: true },
  upload: 'reached',
  download: 'reached',
};
const tunnel: UdpPortFound = { owner: vxlan, through: 'tunnel', device: 'vxlan0', large: whole };
const node = { node: 'node-2', pod: 'host-2', uid: 'uid-host-prober-2' };
const inside = { node: 'node-2', pod: 'pod-2', uid: 'uid-pod-prober-2' };

function rulingOf(
  last: Attempt,
  ofTarget?: UdpPortFound,
  id = 'node-to-node/udp-port/v4 node-1 → node-2:4789',
) {
  return judgeUdpPort(caseIn(id), last, { aim: aimAt(id), ofTarget });
}

describe('an echo', () => {
  test('by the agent that was meant passes', () => {
    expect(rulingOf({ outcome: 'reached', responder: node })).toEqual({ verdict: 'passed', reason: 'proof' });
  });

  test('by anybody else does not', () => {
    expect(rulingOf({ outcome: 'reached', responder: { ...node, uid: 'x' } })).toMatchObject({
      reason: 'wrong-responder',
    });
    expect(rulingOf({ outcome: 'reached', sent: 5, received: 5 })).toMatchObject({ verdict: 'failed' });
  });

  test.each(['timed-out', 'refused', 'lossy', 'unreachable'] as const)('%s fails as that', (outcome) => {
    expect(rulingOf({ outcome, detail: 'd' })).toEqual({ verdict: 'failed', reason: outcome, detail: 'd' });
  });

  test('that cannot come, because a tunnel has the port on the target only, is a difference between Nodes', () => {
    expect(rulingOf({ outcome: 'timed-out' }, tunnel)).toEqual({
      verdict: 'failed',
      reason: 'mismatch',
      sentence:
        "UDP port 4789 is the CNI's: vxlan device vxlan0, VNI 1 on node-2, and nobody's on node-1: the Nodes' tunnels differ",
    });
  });

  test('that cannot come, because another program has the port there, tells nothing of the network', () => {
    expect(rulingOf({ outcome: 'timed-out' }, { owner: { by: 'program', uid: 101 } })).toEqual({
      verdict: 'errored',
      reason: 'too-little',
      sentence:
        "UDP port 4789 of node-2 is another program's (user 101): the agent there cannot answer on it",
    });
  });
});

describe('a port that the CNI owns', () => {
  test('is told, and proven by what the tunnel carries', () => {
    expect(rulingOf({ outcome: 'reached', responder: inside, found: tunnel })).toEqual({
      verdict: 'passed',
      reason: 'proof',
      sentence:
        "UDP port 4789 is the CNI's: vxlan device vxlan0, VNI 1, and the tunnel carries 65536 bytes by TCP, UDP of 1450 bytes and in fragments, ICMP of the same size: answered by pod pod-2 on node-2",
    });
  });

  test('is proven on its own Node only as far as that goes', () => {
    const id = 'node-to-node/udp-port/v4 node-2 → node-2:4789';
    expect(
      rulingOf({ outcome: 'reached', responder: inside, found: { ...tunnel, device: 'cni0' } }, tunnel, id),
    ).toEqual({
      verdict: 'passed',
      reason: 'proof',
      sentence:
        "UDP port 4789 is the CNI's: vxlan device vxlan0, VNI 1, which is up; to its own Node nothing goes through it (its agent pod pod-2 answers)",
    });
  });

  test('silence in the tunnel fails, and says that it was the tunnel', () => {
    const large: LargeFound = {
      ...whole,
      upload: 'timed-out',
      udp: { small: false, full: false, fragments: false },
    };
    expect(rulingOf({ outcome: 'timed-out', found: { ...tunnel, large } }, tunnel)).toEqual({
      verdict: 'failed',
      reason: 'timed-out',
      sentence:
        "UDP port 4789 is the CNI's: vxlan device vxlan0, VNI 1: through the tunnel to the agent pod on node-2, timed-out: neither TCP nor UDP got an answer",
    });
  });

  test('a tunnel that swallows large packets is a black hole', () => {
    const large: LargeFound = {
      ...whole,
      upload: 'black-hole',
      udp: { small: true, full: false, fragments: false },
    };
    const ruling = rulingOf({ outcome: 'black-hole', found: { ...tunnel, large } });
    expect(ruling).toMatchObject({ verdict: 'failed', reason: 'black-hole' });
    expect(ruling.sentence).toMatch(
      /large ones do not: 65536 bytes by TCP stalled, UDP of 1450 bytes vanishes, UDP in fragments vanishes$/,
    );
  });

  test('pods that are reached by another device prove nothing about the tunnel', () => {
    expect(
      rulingOf({ outcome: 'reached', responder: inside, found: { ...tunnel, device: 'eth0' } }),
    ).toMatchObject({
      verdict: 'errored',
      reason: 'too-little',
      sentence: expect.stringMatching(
        /node-1 sends to the pods of node-2 by eth0: nothing there proves the tunnel$/,
      ),
    });
  });

  test('Cilium routes to its host device, and encapsulates behind it', () => {
    const found: UdpPortFound = {
      ...tunnel,
      owner: { ...vxlan, device: 'cilium_vxlan' },
      device: 'cilium_host',
    };
    expect(rulingOf({ outcome: 'reached', responder: inside, found }).verdict).toBe('passed');
  });

  test('a device that is down is a mismatch', () => {
    const found: UdpPortFound = { ...tunnel, owner: { ...vxlan, up: false } };
    expect(rulingOf({ outcome: 'reached', responder: inside, found })).toMatchObject({
      verdict: 'failed',
      reason: 'mismatch',
    });
  });

  test('an answer without identity is no proof', () => {
    expect(rulingOf({ outcome: 'reached', found: tunnel })).toMatchObject({
      verdict: 'failed',
      reason: 'wrong-responder',
    });
  });
});
