import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { type PolicyAsk, policy } from '../../src/checks/policy.ts';
import type { Probe } from '../../src/model.ts';
import { type AgentLine, GO } from '../../src/wire.ts';
import { batchOf, probeOf, startBatch, startServing } from './agent.ts';
import { attemptOf } from './attempts.ts';
import { closedPort, tcpStandIn, udpStandIn } from './stand-ins.ts';

type DoorsAsk = Extract<PolicyAsk, { kind: 'doors' }>;

const tcpDoor = (port: number) => ({ address: '127.0.0.1', port, protocol: 'tcp' as const });
const udpDoor = (port: number) => ({ address: '127.0.0.1', port, protocol: 'udp' as const });
const knock = (ask: Partial<DoorsAsk>, port = 0) => {
  const whole: DoorsAsk = { kind: 'doors', doors: [], reached: 'any', eachMs: 400, payload: '6869', ...ask };
  return attemptOf(policy, probeOf('policy', port, { ask: whole }));
};

describe('a listed target', () => {
  test('an accepted connection is an answer, even if nothing is ever said', async () => {
    const mute = await tcpStandIn(() => undefined);
    expect(await knock({ doors: [tcpDoor(mute)] })).toMatchObject({
      outcome: 'reached',
      detail: 'a connection was accepted',
      found: [{ at: `127.0.0.1:${mute}`, outcome: 'reached' }],
    });
  });

  test('any datagram that comes back is an answer; what is sent is what was asked for', async () => {
    const heard: string[] = [];
    const port = await udpStandIn((text, peer, socket) => {
      heard.push(text);
      socket.send('?', peer.port, peer.address);
    });
    expect(await knock({ doors: [udpDoor(port)] })).toMatchObject({
      outcome: 'reached',
      detail: 'answered "?"',
    });
    expect(heard[0]).toBe('hi');
  });

  test('refused and silent are no answers, and told apart', async () => {
    const mute = await udpStandIn(() => undefined);
    const [shut, deaf] = [await closedPort(), await closedPort()];
    expect(await knock({ doors: [tcpDoor(shut), udpDoor(deaf), udpDoor(mute)] })).toMatchObject({
      outcome: 'refused',
      found: [
        { at: `127.0.0.1:${shut}`, outcome: 'refused' },
        { at: `127.0.0.1:${deaf}`, outcome: 'refused' },
        { at: `127.0.0.1:${mute}`, outcome: 'timed-out' },
      ],
    });
  });

  test('a datagram that was lost is no silence', async () => {
    let heard = 0;
    const port = await udpStandIn((_text, peer, socket) => {
      heard += 1;
      if (heard === 2) socket.send('late', peer.port, peer.address);
    });
    expect((await knock({ doors: [udpDoor(port)], eachMs: 5000 })).outcome).toBe('reached');
  });

  test('blocked: one door of many that answers decides; a control: one that does not', async () => {
    const open = await tcpStandIn(() => undefined);
    const doors = [tcpDoor(await closedPort()), tcpDoor(open)];
    expect((await knock({ doors, reached: 'any' })).outcome).toBe('reached');
    expect((await knock({ doors, reached: 'all' })).outcome).toBe('refused');
    expect((await knock({ doors: doors.slice(1), reached: 'all' })).outcome).toBe('reached');
  });

  test('no door at all is no silence', async () => {
    for (const reached of ['any', 'all'] as const) {
      expect(await knock({ reached })).toMatchObject({ outcome: 'unobserved', cause: 'local-fault' });
    }
  });

  test('a name is resolved where it is asked, into the families that the cluster has', async () => {
    const open = await tcpStandIn(() => undefined);
    const name = { host: 'localhost', port: open, protocol: 'tcp' as const, families: ['v4' as const] };
    expect((await knock({ name })).found).toEqual([
      { at: `127.0.0.1:${open}`, outcome: 'reached', detail: 'a connection was accepted' },
    ]);
    expect(await knock({ name: { ...name, host: '127.0.0.1', families: ['v6'] } })).toMatchObject({
      outcome: 'unobserved',
      detail: 'no address for 127.0.0.1: none of v6',
    });
  });

  test('a name without an address is no silence', async () => {
    // Longer than a label may be: no resolver is asked.
    const name = { host: 'x'.repeat(70), port: 1, protocol: 'tcp' as const, families: ['v4' as const] };
    expect(await knock({ name })).toMatchObject({
      outcome: 'unobserved',
      cause: 'local-fault',
      detail: expect.stringMatching(/^no address for x{70}: /),
    });
  });

  test('without file descriptors left it says so, and not that the target is silent', async () => {
    const mute = await tcpStandIn(() => undefined);
    const ask: DoorsAsk = {
      kind: 'doors',
      doors: Array.from({ length: 60 }, () => tcpDoor(mute)),
      reached: 'all',
      eachMs: 1000,
      payload: '',
    };
    const probe = probeOf('policy', 0, { ask });
    const { observations } = await startBatch(batchOf([probe]), ['prlimit', '--nofile=26']).told;
    expect(observations[0]?.attempts).toMatchObject([
      { outcome: 'unobserved', cause: 'local-fault', detail: 'EMFILE connect' },
    ]);
  });
});

test('a control knocks over both protocols: what answers over either breaks it', async () => {
  const ask = { kind: 'control' } satisfies PolicyAsk;
  const control = (port: number) => attemptOf(policy, probeOf('policy', port, { ask, timeoutMs: 500 }));
  expect((await control(await closedPort())).outcome).toBe('refused');
  expect((await control(await tcpStandIn(() => undefined))).outcome).toBe('reached');
  const udp = await udpStandIn((_text, peer, socket) => socket.send('!', peer.port, peer.address));
  expect((await control(udp)).outcome).toBe('reached');
});

test.each(['tcp', 'udp'] as const)(
  'our own policy over %s: the pod answers, is silent from the second round on, and comes back in the third',
  async (protocol) => {
    const first = await startServing();
    const port = first[protocol];
    const probe = (phase: 'before' | 'enforced' | 'lifted'): Probe => {
      const ask = { kind: 'own', phase, protocol, eachMs: 500, windowMs: 30_000 } satisfies PolicyAsk;
      const count = protocol === 'udp' ? 3 : 1;
      return probeOf('policy', port, { case: phase, ask, count, timeoutMs: 60_000 });
    };
    const rounds = [
      { round: 'main' as const, probes: [probe('before')] },
      { round: 'enforced' as const, probes: [probe('enforced')] },
      { round: 'lifted' as const, probes: [probe('lifted')] },
    ];
    const { agent, told } = startBatch(batchOf([], { rounds }));
    const name = { tcp: 'NETACCEPT_TCP_PORT', udp: 'NETACCEPT_UDP_PORT' }[protocol];
    createInterface(agent.stdout).on('line', async (text) => {
      const line = JSON.parse(text) as AgentLine;
      if (line.type !== 'round-done') return;
      // The round begins while the old state still holds, as it does after the API server took a policy.
      agent.stdin.write(GO);
      if (line.round === 'main') first.agent.kill('SIGKILL');
      else await startServing({ [name]: String(port) });
    });
    const { observations, code } = await told;
    const attempts = Object.fromEntries(observations.map((seen) => [seen.case, seen.attempts]));
    expect(code).toBe(0);
    expect(attempts.before).toMatchObject([{ outcome: 'reached', responder: { uid: 'uid-a' } }]);
    expect(attempts.enforced).toMatchObject([{ outcome: 'refused', found: { flows: expect.any(Number) } }]);
    expect(attempts.lifted).toMatchObject([{ outcome: 'reached', responder: { uid: 'uid-a' } }]);
  },
);

test('our own policy is not enforced: after the window one flow is enough to say so', async () => {
  const { udp } = await startServing();
  const ask = {
    kind: 'own',
    phase: 'enforced',
    protocol: 'udp',
    eachMs: 500,
    windowMs: 100,
  } satisfies PolicyAsk;
  const probe = probeOf('policy', udp, { ask });
  const roundStartedAt = performance.now() - 1000;
  expect(await attemptOf(policy, probe, { roundStartedAt })).toMatchObject({
    outcome: 'reached',
    found: { flows: 1, answered: 1 },
  });
});
