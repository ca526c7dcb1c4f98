// The judges of single checks, asked directly: every way in which an attempt proves nothing, and every word about it.
import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { endpointsOf, serviceOf } from '../../../fixtures/topologies/with-services.ts';
import { checks } from '../../../src/checks/registry.ts';
import { agentLoss } from '../../../src/checks/shared/agent-loss.ts';
import { attemptOfAnswer, excerpt } from '../../../src/checks/shared/answer.ts';
import type { Aim, Check } from '../../../src/checks/shared/check.ts';
import { attemptOfLoss, median } from '../../../src/checks/shared/loss.ts';
import { judgeMtu, type MtuFound } from '../../../src/checks/shared/mtu-ruling.ts';
import { judgeQuality } from '../../../src/checks/shared/quality-ruling.ts';
import {
  endpointsText,
  respondersOf,
  ruleByEndpoint,
  unlessLost,
} from '../../../src/checks/shared/services/ruling.ts';
import { tally } from '../../../src/checks/shared/tally.ts';
import { judgeTarget } from '../../../src/checks/shared/target-judge.ts';
import { judgeUdpPort } from '../../../src/checks/shared/udp-port-ruling.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Agent, Attempt, Case, Identity } from '../../../src/model.ts';
import { lookAt } from './looking.ts';
import { target, web } from './targets.ts';

const right: Identity = { node: 'node-2', pod: 'pod-2', uid: 'uid-2' };
const aim = { kind: 'probe', expect: ['uid-2'] } as Aim;
const unsendable = { kind: 'derived' } as Aim;
const entry = {
  id: 'x',
  source: { cluster: 'c', node: 'node-1', network: 'host' },
  target: { cluster: 'c', name: 'node-2', node: 'node-2', network: 'host' },
  locality: 'cross-node',
  about: { port: '4789' },
} as unknown as Case;
const { about: _about, ...nameless } = entry;
const NOTHING: (Attempt | undefined)[] = [undefined, { outcome: 'unobserved', cause: 'deadline' }];
const NO_REPLY = { verdict: 'errored', reason: 'no-reply' };

describe('what was not observed is no news about the network', () => {
  const topology = dualStack(2);
  const chosen = settings((draft) => {
    draft.udpPort.ports = [4789];
  });
  const all = expandMatrix(checks, topology, chosen);
  test.each(
    (checks as readonly Check[])
      .filter(({ judge }) => judge !== undefined)
      .map((check) => [check.name, check] as const),
  )('to %s', (name, check) => {
    for (const one of all.filter((candidate) => candidate.check === name && candidate.skip === undefined)) {
      if (check.aim(one, topology, chosen).kind === 'derived') continue;
      for (const last of NOTHING) {
        expect([one.id, check.judge?.(one, last, lookAt(topology, chosen, all, {})).verdict]).toEqual([
          one.id,
          'errored',
        ]);
      }
    }
  });
});

describe('mtu', () => {
  const found: MtuFound = {
    ...{ mtu: 1450, bytes: 65_536, expected: 0, device: 'eth0', upload: 'reached', download: 'reached' },
    ping: { size: 1450, answered: true },
    udp: { small: true, full: true, fragments: true },
  };
  const { device: _device, ...unnamed } = found;
  const rule = (last: Attempt | undefined, by = aim) => judgeMtu(entry, last, by);
  const reached = (part: object = {}, more: object = {}): Attempt => ({
    outcome: 'reached',
    responder: right,
    found: { ...found, ...part },
    ...more,
  });

  test('without a report, or with half of one, is not judged', () => {
    expect(rule(undefined)).toEqual(NO_REPLY);
    expect(rule({ outcome: 'unobserved', detail: 'why' })).toEqual({
      verdict: 'errored',
      reason: 'too-little',
      detail: 'why',
    });
    expect(rule({ outcome: 'unobserved', found })).toMatchObject({
      verdict: 'errored',
      reason: 'too-little',
    });
    expect(rule({ outcome: 'reached', responder: right })).toMatchObject({
      verdict: 'errored',
      reason: 'too-little',
    });
    expect(rule({ outcome: 'refused', detail: 'why' })).toEqual({
      verdict: 'failed',
      reason: 'refused',
      detail: 'why',
    });
    expect(rule({ outcome: 'timed-out', found })).toMatchObject({ verdict: 'failed', reason: 'timed-out' });
  });

  test('is proven by whom it meant only', () => {
    const proof =
      'answered by pod pod-2: 65536 bytes by TCP, UDP of 1450 bytes and of 2900 in fragments; path MTU 1450';
    expect(rule(reached())).toEqual({ verdict: 'passed', reason: 'proof', sentence: proof });
    const wrong = { verdict: 'failed', reason: 'wrong-responder' };
    expect(rule(reached(), unsendable)).toEqual(wrong);
    expect(rule(reached({}, { responder: { ...right, uid: 'uid-x' } }))).toEqual(wrong);
    expect(rule(reached({}, { responder: undefined }))).toEqual(wrong);
  });

  test('the router’s own word, and the way back, are told of a black hole', () => {
    const holed = { upload: 'black-hole', udp: { small: true, full: false, fragments: false } };
    const said = (part: object, measured?: object) =>
      rule({ outcome: 'black-hole', found: { ...found, ...holed, ...part }, ...(measured && { measured }) })
        .sentence;
    expect(
      said({ ping: { size: 1450, answered: false, told: 1300 }, download: 'black-hole' }, { pathMtu: 1450 }),
    ).toMatch(/in fragments, vanishes; a router told 1300; the way back is one as well$/);
    expect(said({})).toMatch(/UDP of 2900 bytes, in fragments, vanishes$/);
    expect(
      said({ upload: 'reached', udp: { small: true, full: true, fragments: false } }, { pathMtu: 1300 }),
    ).toMatch(/fragments are lost on the way: UDP of 2900 bytes, in fragments, vanishes$/);
    // Nothing at all came through: then size is not the matter.
    expect(said({ udp: { small: false, full: false, fragments: false } })).toBe(
      'node-1 → node-2: a path MTU black hole: 65536 bytes by TCP stalled after a small greeting',
    );
  });

  test.each<[string, object, object]>([
    [
      'eth0 sends at most 1450 bytes, 1500 are expected (mtu.pod or mtu.node)',
      { expected: 1500 },
      { measured: { pathMtu: 1450 } },
    ],
    [
      'the path carries 1300 bytes, as a router on it told, but 1400 are expected (mtu.pod or mtu.node)',
      { expected: 1400 },
      { measured: { pathMtu: 1300 } },
    ],
    [
      "the path carries 1300 bytes, as a router on it told, but eth0 sends up to 1450: lower the device's MTU, or say what is expected (mtu.pod or mtu.node)",
      {},
      { measured: { pathMtu: 1300 } },
    ],
  ])('%s', (sentence, part, more) => {
    expect(rule(reached(part, more))).toEqual({
      verdict: 'failed',
      reason: 'mismatch',
      sentence: `node-1 → node-2: ${sentence}`,
    });
  });

  test('a device without a name is its device', () => {
    expect(
      rule({ outcome: 'reached', responder: right, found: { ...unnamed, expected: 9000 } }).sentence,
    ).toContain('its device sends at most');
  });
});

describe('quality', () => {
  const thresholds = { maxLossPercent: 1, maxRttP95Ms: 250 } as never;
  const rule = (last: Attempt | undefined, by = aim) => judgeQuality(last, by, thresholds);
  const counts = { sent: 10, received: 9 };

  test('is not judged without a sample', () => {
    for (const last of NOTHING) expect(rule(last)).toEqual(NO_REPLY);
  });

  test('is proven by whom it meant only', () => {
    const last: Attempt = {
      outcome: 'reached',
      responder: right,
      ...counts,
      found: { ports: [1, 2], dead: [] },
    };
    const sentence = '9 of 10 datagrams answered by pod pod-2 over 2 source ports';
    expect(rule(last)).toEqual({ verdict: 'passed', reason: 'proof', sentence });
    expect(rule(last, unsendable)).toMatchObject({ verdict: 'failed', reason: 'wrong-responder' });
  });

  test('tells dead source ports, one or several', () => {
    const lossy = (dead: number[]) =>
      rule({ outcome: 'lossy', ...counts, found: { ports: [1, 2, 3], dead } }).sentence;
    expect(lossy([7])).toMatch(
      /^1 of 3 source ports is dead \(7\), the others lost nothing: .* 9 of 10 datagrams answered$/,
    );
    expect(lossy([7, 8])).toMatch(/^2 of 3 source ports are dead \(7, 8\), /);
  });

  test('tells a loss also where nothing was measured', () => {
    expect(rule({ outcome: 'lossy', ...counts }).sentence).toBe(
      '0 % lost, 1 % are allowed (quality.maxLossPercent): 9 of 10 datagrams answered',
    );
  });
});

describe('a target of the settings', () => {
  const site = target('site', { at: ['192.0.2.7'], question: web, from: ['pod'] });
  const of = {
    ...entry,
    target: { cluster: 'c', name: 'site' },
    about: { target: 'site' },
  } as unknown as Case;
  const rule = (last: Attempt | undefined, asked = site) =>
    judgeTarget({ ...of, id: 'pod-to-external/external/v4 node-1 → site' }, last, [asked]);
  const answered: Attempt = {
    outcome: 'reached',
    received: 1,
    sent: 1,
    found: { step: 'answer', status: 200 },
  };

  test('is not judged without a report', () => {
    for (const last of NOTHING) expect(rule(last)).toEqual(NO_REPLY);
  });

  test('passes with the answer that was asked for, and says no more than it knows', () => {
    expect(rule(answered)).toMatchObject({
      verdict: 'passed',
      sentence: expect.stringMatching(/^site \(https? port \d+\): answered$/),
    });
    expect(rule({ ...answered, found: { step: 'answer', status: 503 } })).toMatchObject({
      verdict: 'failed',
    });
    expect(rule({ ...answered, found: { step: 'answer' } })).toMatchObject({ verdict: 'failed' });
    expect(rule({ ...answered, found: { step: 'connect', status: 200 } })).toMatchObject({
      verdict: 'failed',
    });
  });

  test('any status passes where none is asked for, but one there must be', () => {
    const any = { ...site, question: { ...web, status: [] } };
    expect(rule({ ...answered, found: { step: 'answer', status: 503 } }, any)).toMatchObject({
      verdict: 'passed',
    });
    expect(rule({ ...answered, found: { step: 'answer' } }, any)).toMatchObject({ verdict: 'failed' });
  });

  test.each([
    ['no IPv4', 'it has no IPv4 address', ' (if it need not have one: families: [v6])'],
    ['no IPv6', 'it has no IPv6 address', ' (if it need not have one: families: [v4])'],
    ['no such name', 'ENOTFOUND', ''],
  ])('that does not resolve: %s', (_, detail, advice) => {
    expect(rule({ outcome: 'timed-out', detail, found: { step: 'resolve' } }).sentence).toBe(
      `site cannot be asked: ${detail}${advice}`,
    );
  });

  test('that says nothing of why has nothing behind it', () => {
    expect(rule({ outcome: 'wrong-answer' }).sentence).toMatch(/ did not answer as it must: $/);
    expect(rule({ outcome: 'refused', detail: 'ECONNREFUSED' })).toEqual({
      verdict: 'failed',
      reason: 'refused',
      detail: 'ECONNREFUSED',
    });
  });
});

describe('udp-port', () => {
  const cilium = { by: 'tunnel', device: 'cilium_vxlan', kind: 'vxlan', up: true } as const;
  const rule = (last: Attempt | undefined, { by = aim, of = undefined as unknown, one = entry } = {}) =>
    judgeUdpPort(one, last, { aim: by, ofTarget: of as never });
  const through = (part: object, more: object = {}): Attempt => ({
    ...{ outcome: 'reached', responder: right },
    found: { owner: cilium, through: 'tunnel', device: 'cilium_host', ...part },
    ...more,
  });

  test('is not judged without a report', () => {
    for (const last of NOTHING) expect(rule(last)).toEqual(NO_REPLY);
  });

  test('an echo is proof by whom it meant, and of what was reached', () => {
    expect(rule({ outcome: 'reached', responder: right })).toEqual({ verdict: 'passed', reason: 'proof' });
    expect(rule({ outcome: 'lossy', responder: right })).toMatchObject({
      verdict: 'failed',
      reason: 'lossy',
    });
    expect(rule({ outcome: 'reached', responder: right }, { by: unsendable })).toMatchObject({
      verdict: 'failed',
      reason: 'wrong-responder',
    });
    expect(rule({ outcome: 'reached' })).toMatchObject({ verdict: 'failed', reason: 'wrong-responder' });
    // Somebody answered: who has the port over there does not matter.
    expect(
      rule({ outcome: 'wrong-responder', responder: right }, { of: { owner: { by: 'program' } } }),
    ).toMatchObject({ verdict: 'failed', reason: 'wrong-responder' });
  });

  test('another program that has the port, with its user or without', () => {
    const taken = (owner: object, one = entry) =>
      rule({ outcome: 'timed-out' }, { of: { owner }, one }).sentence;
    expect(taken({ by: 'program', uid: 1000 })).toBe(
      "UDP port 4789 of node-2 is another program's (user 1000): the agent there cannot answer on it",
    );
    expect(taken({ by: 'program' })).toBe(
      "UDP port 4789 of node-2 is another program's: the agent there cannot answer on it",
    );
    expect(taken(cilium)).toBe(
      "UDP port 4789 is the CNI's: vxlan device cilium_vxlan on node-2, and nobody's on node-1: the Nodes' tunnels differ",
    );
    expect(taken({ by: 'program' }, nameless as Case)).toContain('UDP port undefined');
    expect(rule(through({}), { one: nameless as Case }).sentence).toContain('UDP port undefined');
  });

  test.each<[string, object, string]>([
    ['cilium_host, before its own tunnel', {}, 'passed'],
    ['the tunnel itself', { device: 'cilium_vxlan' }, 'passed'],
    ['no device that is known', { device: undefined }, 'passed'],
    ['another device', { device: 'eth0' }, 'errored'],
    ['cilium_host, before another one’s tunnel', { owner: { ...cilium, device: 'flannel.1' } }, 'errored'],
  ])('what goes by %s', (_, part, verdict) => {
    expect(rule(through(part)).verdict).toBe(verdict);
  });

  test('a tunnel that is down, and one whose inside nobody measured', () => {
    expect(rule(through({ owner: { ...cilium, up: false } }))).toEqual({
      ...{ verdict: 'failed', reason: 'mismatch' },
      sentence: "UDP port 4789 is the CNI's: vxlan device cilium_vxlan, and that device is down",
    });
    expect(rule(through({})).sentence).toBe(
      "UDP port 4789 is the CNI's: vxlan device cilium_vxlan, and the tunnel carries : answered by pod pod-2 on node-2",
    );
    const silent = through({}, { outcome: 'timed-out' });
    expect(rule(silent).sentence).toMatch(/through the tunnel to the agent pod on node-2, timed-out$/);
  });

  test('what a black hole in it lets through is not said to be lost', () => {
    const large = {
      mtu: 1450,
      bytes: 9,
      upload: 'reached',
      udp: { small: true, full: true, fragments: false },
      ping: {},
    };
    const said = (part: object) =>
      rule(through({ large: { ...large, ...part } }, { outcome: 'black-hole' })).sentence;
    expect(said({})).toMatch(/small packets pass and large ones do not: UDP in fragments vanishes$/);
    expect(said({ upload: 'black-hole', udp: { small: true, full: false, fragments: true } })).toMatch(
      /do not: 9 bytes by TCP stalled, UDP of 1450 bytes vanishes$/,
    );
  });
});

describe('a Service', () => {
  const topology = dualStack(2);
  const service = serviceOf({
    endpoints: topology.agents
      .filter(({ network, role }) => network === 'pod' && role === 'prober')
      .flatMap(endpointsOf),
  } as never);
  const { endpoints } = service;
  const uid = endpoints.find(({ family }) => family === 'v4')?.uid ?? '';
  const of = { ...entry, family: 'v4' } as Case;
  const look = (after: Agent[] | undefined = topology.agents) => ({
    ...lookAt(topology, settings(), [], {}),
    agentsAfter: after,
  });
  const rule = (last: Attempt | undefined, around = look()) => ruleByEndpoint(of, last, service, around);

  test('is proven by an endpoint, and by nobody else', () => {
    expect(rule({ outcome: 'reached', responder: { ...right, uid } })).toEqual({
      verdict: 'passed',
      reason: 'proof',
    });
    expect(rule({ outcome: 'reached', responders: [{ ...right, uid }, right] })).toMatchObject({
      verdict: 'failed',
      reason: 'wrong-responder',
    });
    expect(rule({ outcome: 'reached', detail: 'd' })).toEqual({
      verdict: 'failed',
      reason: 'wrong-answer',
      detail: 'd',
    });
    expect(rule({ outcome: 'refused', detail: 'd' })).toEqual({
      verdict: 'failed',
      reason: 'refused',
      detail: 'd',
    });
    for (const last of NOTHING) expect(rule(last)).toEqual(NO_REPLY);
  });

  test('nobody answered an attempt that was never made', () => {
    expect(respondersOf(undefined)).toEqual([]);
    expect(respondersOf({ outcome: 'timed-out' })).toEqual([]);
    expect(respondersOf({ outcome: 'reached', responder: right })).toEqual([right]);
    expect(respondersOf({ outcome: 'reached', responder: right, responders: [] })).toEqual([]);
  });

  test('a failure stands only if every ready endpoint lived through the run', () => {
    const fresh = () => look(topology.agents.filter((agent) => agent.uid !== uid));
    const gone = fresh();
    expect(rule({ outcome: 'refused' }, gone)).toMatchObject({ verdict: 'errored', reason: 'target-gone' });
    expect(rule({ outcome: 'refused' }, look([]))).toMatchObject({
      verdict: 'errored',
      reason: 'target-gone',
    });
    const errored = { verdict: 'errored', reason: 'no-witness' } as const;
    expect(unlessLost(errored, service, gone)).toEqual(errored);
    // Of those that are none of its endpoints, or not ready, nothing was to be expected.
    const uids = new Set(endpoints.map((one) => one.uid));
    const others = topology.agents.filter((agent) => uids.has(agent.uid));
    expect(rule({ outcome: 'refused' }, look(others))).toMatchObject({ verdict: 'failed' });
    const unready = { ...service, endpoints: endpoints.map((one) => ({ ...one, ready: one.uid !== uid })) };
    expect(unlessLost({ verdict: 'failed', reason: 'refused' }, unready, fresh())).toMatchObject({
      verdict: 'failed',
    });
  });

  test('losses are looked up once for each Service', () => {
    const around = look(topology.agents.filter((agent) => agent.uid !== uid));
    expect(rule({ outcome: 'refused' }, around)).toMatchObject({ reason: 'target-gone' });
    const other = { ...service, name: 'other', endpoints: [] };
    expect(ruleByEndpoint(of, { outcome: 'refused' }, other, around)).toMatchObject({ verdict: 'failed' });
  });

  test('endpoints are named one by one', () => {
    const two = endpoints.filter(({ family }) => family === 'v4').slice(0, 2);
    expect(endpointsText(two).split(', ')).toHaveLength(2);
  });
});

describe('what an answer proves', () => {
  const reply = (part: object = {}) =>
    JSON.stringify({ nonce: 'n1', node: 'a', pod: 'p', uid: 'u', seen: 's', ...part });
  test.each<[string, string, string[], string]>([
    ['reached', reply(), ['u'], 'by whom it meant'],
    ['reached', reply(), [], 'by anybody, where nobody is expected'],
    ['wrong-responder', reply(), ['x'], 'by another pod'],
    ['wrong-answer', reply({ nonce: 'n2' }), ['u'], 'to another question'],
    ['wrong-answer', 'n1', ['u'], 'that is none'],
  ])('%s: %s', (outcome, text, expected) => {
    expect(attemptOfAnswer(text, 'n1', expected).outcome).toBe(outcome);
  });

  test.each([
    ['a'.repeat(80), `"${'a'.repeat(80)}"`],
    ['a'.repeat(81), `"${'a'.repeat(80)}" …`],
    [' ~', '" ~"'],
    ['\x1f\x7f\x00\xff', '"\\x1f\\x7f\\x00\\xff"'],
    ['\n\r\t"\\', '"\\n\\r\\t\\"\\\\"'],
  ])('an excerpt of %j is %s', (text, shown) => {
    expect(excerpt(text)).toBe(shown);
  });
});

test('a loss is reached, lossy or silence, and its round trip is the median', () => {
  expect(attemptOfLoss({ sent: 3, received: 0, rttsMs: [] }, 100)).toEqual({
    outcome: 'timed-out',
    sent: 3,
    received: 0,
  });
  expect(attemptOfLoss({ sent: 2, received: 1, rttsMs: [] }, 50)).toEqual({
    outcome: 'reached',
    sent: 2,
    received: 1,
  });
  expect(attemptOfLoss({ sent: 2, received: 1, rttsMs: [3] }, 49)).toEqual({
    outcome: 'lossy',
    sent: 2,
    received: 1,
    rttMs: 3,
  });
  expect([median([]), median([3, 1, 2]), median([10, 9, 8, 1])]).toEqual([undefined, 2, 8]);
});

test('of several datagrams: a stray without words, and an answer to nobody’s question', () => {
  const seen = tally(2, ['uid-2'], 0);
  seen.asked('n', 0);
  seen.heard('not JSON', 1);
  expect(seen.result()).toEqual({ outcome: 'wrong-answer', detail: '"not JSON"', sent: 1, received: 0 });
  const nobody = tally(1, ['uid-2'], 0);
  nobody.asked('n', 0);
  for (const nonce of ['none', '']) nobody.heard(JSON.stringify({ nonce, ...right, seen: 's' }), 1);
  expect(nobody.result()).toMatchObject({ outcome: 'wrong-answer', sent: 1, received: 0 });
  expect(nobody.result()).not.toHaveProperty('responder');
  const silent = tally(1, ['uid-2'], 0);
  silent.asked('n', 0);
  expect(silent.result()).toEqual({ outcome: 'timed-out', sent: 1, received: 0 });
});

test('how an agent was lost is said, with its pod', () => {
  const [before] = dualStack(1).agents;
  if (before === undefined) throw new Error('no agent');
  expect(agentLoss(before, [])).toBe(`pod ${before.pod} was deleted during the run`);
  expect(agentLoss(before, [{ ...before, restarts: 1 }])).toBe(`pod ${before.pod} restarted during the run`);
  expect(agentLoss(before, [{ ...before, terminating: true }])).toBe(
    `pod ${before.pod} was being deleted during the run`,
  );
});
