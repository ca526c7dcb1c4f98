import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { mtu } from '../../../src/checks/mtu.ts';
import { judgeMtu, type MtuFound } from '../../../src/checks/shared/mtu-ruling.ts';
import type { Attempt, Settings } from '../../../src/model.ts';

const idsOf = (nodes: number, chosen = settings()) =>
  mtu.expand(dualStack(nodes), chosen).map(({ id }) => id);

test.each([1, 2, 4, 7])('%i dual-stack Nodes make 2 paths × 2 families × N·(N−1) cases', (nodes) => {
  expect(new Set(idsOf(nodes)).size).toBe(2 * 2 * nodes * (nodes - 1));
  expect(idsOf(nodes)).toHaveLength(2 * 2 * nodes * (nodes - 1));
});

test('each direction is a case of its own, and a Node has none with itself', () => {
  expect(idsOf(2)).toEqual([
    'pod-to-pod/mtu/v4 node-1 → node-2',
    'pod-to-pod/mtu/v4 node-2 → node-1',
    'pod-to-pod/mtu/v6 node-1 → node-2',
    'pod-to-pod/mtu/v6 node-2 → node-1',
    'node-to-node/mtu/v4 node-1 → node-2',
    'node-to-node/mtu/v4 node-2 → node-1',
    'node-to-node/mtu/v6 node-1 → node-2',
    'node-to-node/mtu/v6 node-2 → node-1',
  ]);
});

const caseIn = (id: string) => {
  const entry = mtu.expand(dualStack(2), settings()).find((candidate) => candidate.id === id);
  if (!entry) throw new Error(id);
  return entry;
};

test.each([
  ['pod-to-pod/mtu/v4 node-1 → node-2', '10.244.2.2', 'uid-pod-prober-2', 1400],
  ['node-to-node/mtu/v6 node-1 → node-2', 'fd00:30::3', 'uid-host-prober-2', 9000],
])('%s asks for the MTU that is expected of its path', (id, address, uid, expected) => {
  const chosen = settings((draft) => {
    draft.mtu = { pod: 1400, node: 9000, bytes: 20_000 };
  });
  expect(mtu.aim(caseIn(id), dualStack(2), chosen)).toMatchObject({
    kind: 'probe',
    address,
    port: 29801,
    expect: [uid],
    ask: { tcpPort: 29801, udpPort: 29803, bytes: 20_000, expected },
  });
});

test('without a ready agent at the target nothing is known', () => {
  const topology = dualStack(2);
  for (const agent of topology.agents) if (agent.node === 'node-2') agent.ready = false;
  const aim = mtu.aim(caseIn('pod-to-pod/mtu/v4 node-1 → node-2'), topology, settings());
  expect(aim).toMatchObject({ kind: 'unsent', attempt: { cause: 'no-target-agent' } });
});

test('a silent address is its control, asked the same', () => {
  expect(mtu.controls(settings())).toMatchObject([
    { kind: 'silent-address', port: 29801, ask: { bytes: 65_536 } },
  ]);
});

const whole: MtuFound = {
  mtu: 1450,
  bytes: 65_536,
  expected: 0,
  device: 'eth0',
  ping: { size: 1450, answered: true },
  udp: { small: true, full: true, fragments: true },
  upload: 'reached',
  download: 'reached',
};
const meant = { node: 'node-2', pod: 'pod-2', uid: 'uid-pod-prober-2' };

function rulingOf(found: Partial<MtuFound>, more: Partial<Attempt> = {}, change?: (draft: Settings) => void) {
  const entry = caseIn('pod-to-pod/mtu/v4 node-1 → node-2');
  const last: Attempt = {
    outcome: 'reached',
    responder: meant,
    found: { ...whole, ...found },
    measured: { pathMtu: 1450 },
    ...more,
  };
  return judgeMtu(entry, last, mtu.aim(entry, dualStack(2), settings(change)));
}

describe('what was seen, and what it means', () => {
  test('everything of full size answered by the pod that was meant passes, with the measured path MTU', () => {
    expect(rulingOf({})).toEqual({
      verdict: 'passed',
      reason: 'proof',
      sentence:
        'answered by pod pod-2: 65536 bytes by TCP, UDP of 1450 bytes and of 2900 in fragments; path MTU 1450',
    });
  });

  test('a way back that is broken is told here, and does not decide', () => {
    const ruling = rulingOf({ download: 'black-hole', ping: { size: 1450, answered: false } });
    expect(ruling).toMatchObject({ verdict: 'passed' });
    expect(ruling.sentence).toMatch(
      /path MTU 1450 \(TCP back: black-hole, see the case of that direction; no echo reply of 1450 bytes came back\)$/,
    );
  });

  test('a ping that does not work is told', () => {
    const ping = { size: 1450, answered: false, fault: 'ping: ENOENT' };
    expect(rulingOf({ ping }).sentence).toMatch(/path MTU 1450 \(no ping: ping: ENOENT\)$/);
  });

  test('small passes, large vanishes: a black hole, with the sizes', () => {
    const found: Partial<MtuFound> = {
      upload: 'black-hole',
      udp: { small: true, full: false, fragments: false },
      ping: { size: 1450, answered: false },
    };
    expect(rulingOf(found, { outcome: 'black-hole', measured: { pathMtu: 1300 } })).toEqual({
      verdict: 'failed',
      reason: 'black-hole',
      sentence:
        'node-1 → node-2: a path MTU black hole: 65536 bytes by TCP stalled after a small greeting, ' +
        'UDP of 1450 bytes vanishes, small datagrams are answered, UDP of 2900 bytes, in fragments, vanishes; 1300 bytes still pass',
    });
  });

  test('TCP alone that stalls is a black hole too', () => {
    const ruling = rulingOf({ upload: 'black-hole' }, { outcome: 'black-hole' });
    expect(ruling.sentence).toBe(
      'node-1 → node-2: a path MTU black hole: 65536 bytes by TCP stalled after a small greeting',
    );
  });

  test('lost fragments are said to be lost fragments', () => {
    const udp = { small: true, full: true, fragments: false };
    expect(rulingOf({ udp }, { outcome: 'black-hole' })).toEqual({
      verdict: 'failed',
      reason: 'black-hole',
      sentence: 'node-1 → node-2: fragments are lost on the way: UDP of 2900 bytes, in fragments, vanishes',
    });
  });

  test('a router that told a smaller MTU than the device has is a mismatch', () => {
    const ping = { size: 1450, answered: false, told: 1300 };
    expect(rulingOf({ ping }, { measured: { pathMtu: 1300 } })).toEqual({
      verdict: 'failed',
      reason: 'mismatch',
      sentence:
        "node-1 → node-2: the path carries 1300 bytes, as a router on it told, but eth0 sends up to 1450: lower the device's MTU, or say what is expected (mtu.pod or mtu.node)",
    });
  });

  test('told, and expected to be that small, passes', () => {
    const ping = { size: 1450, answered: false, told: 1300 };
    expect(rulingOf({ ping, expected: 1300 }, { measured: { pathMtu: 1300 } })).toMatchObject({
      verdict: 'passed',
      sentence: expect.stringMatching(/path MTU 1300$/),
    });
  });

  test('a device that cannot send what is expected is a mismatch, though all of it passed', () => {
    expect(rulingOf({ expected: 1500 })).toEqual({
      verdict: 'failed',
      reason: 'mismatch',
      sentence: 'node-1 → node-2: eth0 sends at most 1450 bytes, 1500 are expected (mtu.pod or mtu.node)',
    });
  });

  test.each(['timed-out', 'refused', 'unreachable', 'wrong-responder', 'reset'] as const)(
    '%s, before there was anything large, fails as that',
    (outcome) => {
      expect(rulingOf({}, { outcome, detail: 'x' })).toEqual({
        verdict: 'failed',
        reason: outcome,
        detail: 'x',
      });
    },
  );

  test('an agent that says reached without the proof is not believed', () => {
    expect(rulingOf({}, { responder: { ...meant, uid: 'uid-x' } })).toMatchObject({
      verdict: 'failed',
      reason: 'wrong-responder',
    });
    const { responder: _, ...anonymous } = { outcome: 'reached' as const, responder: meant, found: whole };
    const entry = caseIn('pod-to-pod/mtu/v4 node-1 → node-2');
    const aim = mtu.aim(entry, dualStack(2), settings());
    expect(judgeMtu(entry, anonymous, aim).verdict).toBe('failed');
    expect(judgeMtu(entry, { outcome: 'reached', responder: meant }, aim).verdict).toBe('errored');
  });
});
