import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { policy } from '../../../src/checks/policy.ts';
import type { Attempt, BlockedTarget, Case, ClusterService, Settings, Topology } from '../../../src/model.ts';
import { lookAt } from './looking.ts';

const ownSettings = (change: (draft: Settings) => void = () => {}) =>
  settings((draft) => {
    draft.policy.own = true;
    change(draft);
  });

const targetOf = (more: Partial<BlockedTarget> = {}): BlockedTarget => ({
  name: 'db',
  target: { namespace: 'shop', service: 'db', port: 5432 },
  protocol: 'tcp',
  from: 'pod',
  answersOn: '',
  payload: '',
  ...more,
});
const listing = (...blocked: BlockedTarget[]) =>
  settings((draft) => {
    draft.policy.blocked = blocked;
  });

/** Endpoints on node-2 and node-3, listening on another port than the Service. */
const db: ClusterService = {
  namespace: 'shop',
  name: 'db',
  role: 'blocked',
  type: 'ClusterIP',
  clusterIPs: { v4: '10.96.7.7' },
  headless: false,
  families: ['v4'],
  ports: [{ name: '', protocol: 'TCP', port: 5432, endpointPort: 15432 }],
  externalIPs: [],
  loadBalancer: [],
  sessionAffinity: 'None',
  endpoints: [
    { address: '10.244.2.9', family: 'v4', ready: true, node: 'node-2' },
    { address: '10.244.3.9', family: 'v4', ready: true, node: 'node-3' },
    { address: '10.244.3.10', family: 'v4', ready: false, node: 'node-3' },
  ],
};
const withService = (service: Partial<ClusterService> = {}): Topology => ({
  ...dualStack(3),
  services: [{ ...db, ...service }],
});

const idsOf = (cases: readonly Case[]) => cases.map(({ id }) => id);
const caseWith = (cases: readonly Case[], id: string): Case => {
  const found = cases.find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`no case ${id} among ${idsOf(cases).join(', ')}`);
  return found;
};

test('without configuration there is nothing to do', () => {
  expect(policy.expand(dualStack(3), settings())).toEqual([]);
});

describe('our own NetworkPolicy', () => {
  test('every ordered pair, protocol and family: before, enforced, lifted', () => {
    const cases = policy.expand(dualStack(3), ownSettings());
    expect(cases).toHaveLength(9 * 2 * 2 * 3);
    expect(new Set(idsOf(cases)).size).toBe(cases.length);
    expect(idsOf(cases)).toEqual(
      expect.arrayContaining([
        'pod-to-pod/policy/v4 node-1 → node-2 tcp before',
        'pod-to-pod/policy/v6 node-3 → node-3 udp enforced',
        'pod-to-pod/policy/v4 node-2 → node-1 udp lifted',
      ]),
    );
    const blocked = cases.filter((entry) => entry.expect === 'blocked');
    expect(blocked.map(({ about }) => about?.phase)).toEqual(Array(36).fill('enforced'));
  });

  test('without second pods there is nothing that it could select: skipped, with the rule', () => {
    const cases = policy.expand(
      dualStack(2),
      ownSettings((draft) => {
        draft.agents.peer = false;
      }),
    );
    expect(cases).toHaveLength(48);
    expect(new Set(cases.map(({ skip }) => skip))).toEqual(
      new Set([
        'no second pod on the node (agents.peer): there is nothing that a policy of ours could select',
      ]),
    );
  });

  test.each([
    ['before', undefined, undefined, undefined],
    ['enforced', 'enforced', 14_000, 1],
    ['lifted', 'lifted', 12_000, undefined],
  ])('%s asks the second pod of the Node, in its round', (phase, round, timeoutMs, attempts) => {
    const topology = dualStack(2);
    const chosen = ownSettings();
    const cases = policy.expand(topology, chosen);
    const aim = (pair: string, protocol: string) =>
      policy.aim(caseWith(cases, `pod-to-pod/policy/v4 ${pair} ${protocol} ${phase}`), topology, chosen);
    const tcp = aim('node-1 → node-2', 'tcp');
    expect(tcp).toEqual({
      kind: 'probe',
      address: '10.244.2.3',
      port: 29801,
      count: 1,
      expect: ['uid-pod-peer-2'],
      ask: { kind: 'own', phase, protocol: 'tcp', eachMs: 2000, windowMs: 10_000 },
      ...(round === undefined ? {} : { round, timeoutMs }),
      ...(attempts === undefined ? {} : { attempts }),
    });
    expect(aim('node-1 → node-1', 'udp')).toMatchObject({
      address: '10.244.1.3',
      port: 29803,
      count: 5,
      expect: ['uid-pod-peer-1'],
    });
  });

  test('without an agent at an end nothing is sent', () => {
    const topology = dualStack(2);
    const peer = topology.agents.find(({ node, role }) => node === 'node-2' && role === 'peer');
    Object.assign(peer ?? {}, { ready: false, problem: 'ImagePullBackOff' });
    const entry = caseWith(
      policy.expand(topology, ownSettings()),
      'pod-to-pod/policy/v4 node-1 → node-2 tcp enforced',
    );
    expect(policy.aim(entry, topology, ownSettings())).toEqual({
      kind: 'unsent',
      attempt: {
        outcome: 'unobserved',
        cause: 'no-target-agent',
        detail: 'second pod-network agent on node-2: ImagePullBackOff',
      },
    });
  });

  const right = { node: 'node-2', pod: 'pod-peer-2', uid: 'uid-pod-peer-2' };
  const proven: Attempt = { outcome: 'reached', responder: right };
  const foreign: Attempt = { outcome: 'reached', responder: { ...right, uid: 'uid-x' } };
  const silent: Attempt = { outcome: 'timed-out', found: { flows: 5, answered: 1, afterMs: 412 } };
  const heard: Attempt = { outcome: 'reached', found: { flows: 7, answered: 7, afterMs: 10_050 } };

  interface Row {
    what: string;
    phase: string;
    last: Attempt;
    seen?: Partial<Record<'before' | 'lifted', Attempt>>;
    ruling: object;
  }
  const both = { before: proven, lifted: proven };
  const rows: Row[] = [
    {
      what: 'the pod that was meant',
      phase: 'before',
      last: proven,
      ruling: { verdict: 'passed', reason: 'proof' },
    },
    {
      what: 'another pod',
      phase: 'before',
      last: foreign,
      ruling: { verdict: 'failed', reason: 'wrong-responder' },
    },
    { what: 'silence', phase: 'before', last: silent, ruling: { verdict: 'failed', reason: 'timed-out' } },
    {
      what: 'silence',
      phase: 'lifted',
      last: { ...silent, found: { flows: 9, answered: 0, afterMs: 10_200 } },
      ruling: {
        verdict: 'failed',
        reason: 'timed-out',
        sentence:
          'the second pod on node-2 does not answer the agent pod on node-1 over tcp, 10.2 s after our NetworkPolicy was removed (timed-out)',
      },
    },
    {
      what: 'silence, and an answer before and after',
      phase: 'enforced',
      last: silent,
      seen: both,
      ruling: {
        verdict: 'passed',
        reason: 'proof',
        sentence:
          'the second pod on node-2 is silent (timed-out) 0.4 s after our NetworkPolicy was made; it answered before and afterwards',
      },
    },
    {
      what: 'a rejection, and an answer before and after',
      phase: 'enforced',
      last: { ...silent, outcome: 'refused' },
      seen: both,
      ruling: { verdict: 'passed', sentence: expect.stringContaining('silent (refused)') },
    },
    {
      what: 'silence, and none before',
      phase: 'enforced',
      last: silent,
      seen: { before: { outcome: 'timed-out' }, lifted: proven },
      ruling: {
        verdict: 'errored',
        reason: 'no-witness',
        sentence:
          'the second pod on node-2 is silent (timed-out), but it did not answer before the policy either: nothing shows that the policy blocks it',
      },
    },
    {
      what: 'silence, and somebody else before',
      phase: 'enforced',
      last: silent,
      seen: { before: foreign, lifted: proven },
      ruling: { verdict: 'errored', reason: 'no-witness' },
    },
    {
      what: 'silence, and none after: the target may have died',
      phase: 'enforced',
      last: silent,
      seen: { before: proven, lifted: silent },
      ruling: {
        verdict: 'errored',
        reason: 'no-witness',
        sentence: expect.stringContaining('answer after it either'),
      },
    },
    {
      what: 'silence, and nobody who asked before or after',
      phase: 'enforced',
      last: silent,
      ruling: {
        verdict: 'errored',
        sentence: expect.stringContaining('before the policy and after it either'),
      },
    },
    {
      what: 'an answer',
      phase: 'enforced',
      last: heard,
      seen: both,
      ruling: {
        verdict: 'failed',
        reason: 'not-blocked',
        sentence:
          'the second pod on node-2 still answers the agent pod on node-1 over tcp, 10.1 s after our NetworkPolicy denied it (7 of 7 flows answered)',
      },
    },
    {
      what: 'an answer, whatever was before',
      phase: 'enforced',
      last: heard,
      ruling: { verdict: 'failed', reason: 'not-blocked' },
    },
    {
      what: 'a connection that is cut',
      phase: 'enforced',
      last: { outcome: 'reset' },
      seen: both,
      ruling: { verdict: 'failed', reason: 'not-blocked' },
    },
  ];
  test.each(rows)('$phase, $what: $ruling.verdict', ({ phase, last, seen = {}, ruling }) => {
    const topology = dualStack(2);
    const cases = policy.expand(topology, ownSettings());
    const id = (name: string) => `pod-to-pod/policy/v4 node-1 → node-2 tcp ${name}`;
    const look = lookAt(topology, ownSettings(), cases, {
      ...Object.fromEntries(Object.entries(seen).map(([name, attempt]) => [id(name), attempt])),
      // The same pair over another protocol and family is no witness.
      'pod-to-pod/policy/v4 node-1 → node-2 udp before': proven,
      'pod-to-pod/policy/v6 node-1 → node-2 tcp lifted': proven,
    });
    expect(policy.judge(caseWith(cases, id(phase)), last, look)).toMatchObject(ruling);
  });
});

describe('a target that must be blocked', () => {
  test('a Service: silent to every Node’s pods, and answering the Nodes that its ready endpoints run on', () => {
    expect(idsOf(policy.expand(withService(), listing(targetOf())))).toEqual([
      'pod-to-service/policy/v4 node-1 → db blocked',
      'pod-to-service/policy/v4 node-2 → db blocked',
      'pod-to-service/policy/v4 node-3 → db blocked',
      'node-to-service/policy/v4 node-2 → db before',
      'node-to-service/policy/v4 node-2 → db after',
      'node-to-service/policy/v4 node-3 → db before',
      'node-to-service/policy/v4 node-3 → db after',
    ]);
  });

  test('an address: each Node is its own pods’ control', () => {
    const target = targetOf({ name: 'metadata', target: { host: '169.254.169.254', port: 80 } });
    expect(idsOf(policy.expand(dualStack(2), listing(target)))).toEqual([
      'pod-to-external/policy/v4 node-1 → metadata blocked',
      'pod-to-external/policy/v4 node-2 → metadata blocked',
      'node-to-external/policy/v4 node-1 → metadata before',
      'node-to-external/policy/v4 node-1 → metadata after',
      'node-to-external/policy/v4 node-2 → metadata before',
      'node-to-external/policy/v4 node-2 → metadata after',
    ]);
  });

  test('from the Nodes, with the control where the settings say', () => {
    const target = targetOf({
      name: 'ops',
      target: { host: 'fd00::9', port: 22 },
      from: 'node',
      answersOn: 'node-2',
    });
    expect(idsOf(policy.expand(dualStack(2), listing(target)))).toEqual([
      'node-to-external/policy/v6 node-1 → ops blocked',
      'node-to-external/policy/v6 node-2 → ops blocked',
      'pod-to-external/policy/v6 node-2 → ops before',
      'pod-to-external/policy/v6 node-2 → ops after',
    ]);
  });

  test('a name: each source resolves it, so its cases have no family', () => {
    const topology = dualStack(1);
    const chosen = listing(targetOf({ name: 'api', target: { host: 'api.example.org', port: 443 } }));
    const [blocked, before, after] = policy.expand(topology, chosen);
    expect([blocked?.id, before?.id, after?.id]).toEqual([
      'pod-to-external/policy node-1 → api blocked',
      'node-to-external/policy node-1 → api before',
      'node-to-external/policy node-1 → api after',
    ]);
    if (blocked === undefined) throw new Error('no case');
    const name = { host: 'api.example.org', port: 443, protocol: 'tcp', families: ['v4', 'v6'] };
    expect(policy.aim(blocked, topology, chosen)).toMatchObject({
      kind: 'probe',
      address: '',
      timeoutMs: 6000,
      ask: { kind: 'doors', doors: [], name, reached: 'any' },
    });
  });

  test('the ClusterIP and every ready endpoint are asked; a control asks those on its own Node, the last one at the end', () => {
    const topology = withService();
    const chosen = listing(targetOf());
    const cases = policy.expand(topology, chosen);
    const aim = (id: string) => policy.aim(caseWith(cases, id), topology, chosen);
    const door = (address: string, port: number) => ({ address, port, protocol: 'tcp' });
    expect(aim('pod-to-service/policy/v4 node-1 → db blocked')).toEqual({
      kind: 'probe',
      address: '10.96.7.7',
      port: 5432,
      expect: [],
      count: 1,
      timeoutMs: 2000,
      ask: {
        kind: 'doors',
        doors: [door('10.96.7.7', 5432), door('10.244.2.9', 15432), door('10.244.3.9', 15432)],
        reached: 'any',
        eachMs: 2000,
        payload: Buffer.from('netaccept\n').toString('hex'),
      },
    });
    const before = aim('node-to-service/policy/v4 node-3 → db before');
    expect(before).toMatchObject({ ask: { doors: [door('10.244.3.9', 15432)], reached: 'all' } });
    expect(before).not.toHaveProperty('round');
    expect(aim('node-to-service/policy/v4 node-3 → db after')).toMatchObject({ round: 'lifted' });
  });

  test('a Node cannot be kept from its own pods: it is asked about those of other Nodes only', () => {
    const chosen = listing(targetOf({ from: 'node' }));
    const topology = withService();
    const cases = policy.expand(topology, chosen);
    const doors = (node: string) => {
      const aim = policy.aim(
        caseWith(cases, `node-to-service/policy/v4 ${node} → db blocked`),
        topology,
        chosen,
      );
      const { doors } = aim.kind === 'probe' ? (aim.ask as { doors: { address: string }[] }) : { doors: [] };
      return doors.map(({ address }) => address);
    };
    expect(doors('node-1')).toEqual(['10.96.7.7', '10.244.2.9', '10.244.3.9']);
    expect(doors('node-2')).toEqual(['10.244.3.9']);
    const alone = withService({ endpoints: db.endpoints.slice(0, 1) });
    expect(idsOf(policy.expand(alone, chosen))).toEqual([
      'node-to-service/policy/v4 node-1 → db blocked',
      'node-to-service/policy/v4 node-3 → db blocked',
      'pod-to-service/policy/v4 node-2 → db before',
      'pod-to-service/policy/v4 node-2 → db after',
    ]);
  });

  test('a control on a Node of the settings’ choice asks every endpoint', () => {
    const chosen = listing(targetOf({ answersOn: 'node-1' }));
    const entry = caseWith(
      policy.expand(withService(), chosen),
      'node-to-service/policy/v4 node-1 → db before',
    );
    expect(policy.aim(entry, withService(), chosen)).toMatchObject({
      ask: { doors: [{ address: '10.244.2.9' }, { address: '10.244.3.9' }] },
    });
  });

  test('what nobody can control for lack of host-network agents is skipped, with the rule', () => {
    const chosen = settings((draft) => {
      draft.policy.blocked = [targetOf()];
      draft.agents.hostNetwork = false;
    });
    const skips = policy.expand(withService(), chosen).map(({ skip }) => skip);
    expect(new Set(skips)).toEqual(new Set(['host-network agents are switched off (agents.hostNetwork)']));
  });

  test.each([
    ['no such Service', dualStack(2), 'no such Service'],
    ['no ready endpoint', withService({ endpoints: [] }), 'no ready endpoint for tcp port 5432'],
    ['another port', withService({ ports: [] }), 'no ready endpoint for tcp port 5432'],
  ])('%s: nothing is sent, and nobody can tell', (_what, topology, why) => {
    const chosen = listing(targetOf());
    const cases = policy.expand(topology, chosen);
    expect(cases.every(({ expect: wanted }) => wanted === 'blocked')).toBe(true);
    expect(cases.length).toBeGreaterThan(0);
    for (const entry of cases) {
      expect(policy.aim(entry, topology, chosen)).toEqual({ kind: 'derived' });
      expect(policy.judge(entry, undefined, lookAt(topology, chosen, cases, {}))).toEqual({
        verdict: 'errored',
        reason: 'no-witness',
        sentence: `db (shop/db:5432): ${why}, so nothing shows that it would be blocked`,
      });
    }
  });

  const knocks = (outcome: Attempt['outcome'], ...at: string[]) => at.map((one) => ({ at: one, outcome }));
  const [vip, two, three] = ['10.96.7.7:5432', '10.244.2.9:15432', '10.244.3.9:15432'];
  const answering = (...at: string[]): Attempt => ({ outcome: 'reached', found: knocks('reached', ...at) });
  const quiet: Attempt = { outcome: 'timed-out', found: knocks('timed-out', vip, two, three) };
  const control = (node: string, phase: string) => `node-to-service/policy/v4 ${node} → db ${phase}`;
  const alive = {
    [control('node-2', 'before')]: answering(two),
    [control('node-2', 'after')]: answering(two),
    [control('node-3', 'before')]: answering(three),
    [control('node-3', 'after')]: answering(three),
  };

  interface Row {
    what: string;
    id: string;
    last: Attempt;
    seen?: Record<string, Attempt>;
    ruling: object;
  }
  const blocked = 'pod-to-service/policy/v4 node-1 → db blocked';
  const rows: Row[] = [
    {
      what: 'silent, and every endpoint answered its control before and after',
      id: blocked,
      last: quiet,
      seen: alive,
      ruling: {
        verdict: 'passed',
        reason: 'proof',
        sentence:
          'db is silent to the agent pod on node-1 at 10.96.7.7:5432 (timed-out), 10.244.2.9:15432 (timed-out), 10.244.3.9:15432 (timed-out); controls were answered before and afterwards',
      },
    },
    {
      what: 'one endpoint of two answers',
      id: blocked,
      last: { outcome: 'reached', found: [...knocks('timed-out', vip, two), ...knocks('reached', three)] },
      seen: alive,
      ruling: {
        verdict: 'failed',
        reason: 'not-blocked',
        sentence:
          'db answered the agent pod on node-1 at 10.244.3.9:15432 (reached), though it must be blocked',
      },
    },
    {
      what: 'only the ClusterIP answers',
      id: blocked,
      last: { outcome: 'reached', found: [...knocks('reached', vip), ...knocks('timed-out', two, three)] },
      seen: alive,
      ruling: { verdict: 'failed', reason: 'not-blocked' },
    },
    {
      what: 'an answer without any control',
      id: blocked,
      last: answering(vip),
      ruling: { verdict: 'failed', reason: 'not-blocked' },
    },
    {
      what: 'silent, and so to every control: dead',
      id: blocked,
      last: quiet,
      seen: Object.fromEntries(
        Object.keys(alive).map((id) => [id, { outcome: 'refused', found: knocks('refused', two, three) }]),
      ),
      ruling: {
        verdict: 'errored',
        reason: 'no-witness',
        sentence:
          'db is silent at 10.244.2.9:15432 (timed-out), 10.244.3.9:15432 (timed-out), but no control was answered there before: it may be dead, not blocked',
      },
    },
    {
      what: 'one endpoint died during the run',
      id: blocked,
      last: quiet,
      seen: {
        ...alive,
        [control('node-3', 'after')]: { outcome: 'timed-out', found: knocks('timed-out', three) },
      },
      ruling: {
        verdict: 'errored',
        reason: 'no-witness',
        sentence:
          'db is silent at 10.244.3.9:15432 (timed-out), but no control was answered there afterwards: it may be dead, not blocked',
      },
    },
    {
      what: 'no control reported',
      id: blocked,
      last: quiet,
      ruling: { verdict: 'errored', reason: 'no-witness' },
    },
    {
      what: 'nothing was asked at all',
      id: blocked,
      last: { outcome: 'timed-out', found: [] },
      seen: alive,
      ruling: { verdict: 'errored', reason: 'no-witness' },
    },
    {
      what: 'a control that is answered',
      id: control('node-2', 'before'),
      last: answering(two),
      ruling: {
        verdict: 'passed',
        reason: 'proof',
        sentence: 'db answers node node-2 at 10.244.2.9:15432 (reached)',
      },
    },
    {
      what: 'a control that is not',
      id: control('node-2', 'after'),
      last: { outcome: 'refused', found: knocks('refused', two) },
      ruling: {
        verdict: 'errored',
        reason: 'no-witness',
        sentence:
          'db does not answer node node-2 at 10.244.2.9:15432 (refused), as it must somewhere: nothing shows that it lives (policy.blocked: answersOn names the Node where it answers)',
      },
    },
  ];
  test.each(rows)('$what: $ruling.verdict', ({ id, last, seen = {}, ruling }) => {
    const topology = withService();
    const chosen = listing(targetOf());
    const cases = policy.expand(topology, chosen);
    expect(policy.judge(caseWith(cases, id), last, lookAt(topology, chosen, cases, seen))).toMatchObject(
      ruling,
    );
  });

  test('controls of one target are none for another at the same address', () => {
    const topology = withService();
    const chosen = listing(targetOf(), targetOf({ name: 'other' }));
    const cases = policy.expand(topology, chosen);
    const entry = caseWith(cases, 'pod-to-service/policy/v4 node-1 → other blocked');
    expect(policy.judge(entry, quiet, lookAt(topology, chosen, cases, alive))).toMatchObject({
      verdict: 'errored',
    });
  });
});

test('its controls knock over both protocols', () => {
  const { controls } = policy;
  expect(controls(settings()).map(({ kind, port, ask }) => [kind, port, ask])).toEqual([
    ['closed-port', 29809, { kind: 'control' }],
    ['silent-address', 29801, { kind: 'control' }],
  ]);
});
