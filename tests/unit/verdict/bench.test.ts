// A recorded run laid out for its judges: who said what, of whom, and who was there.
import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import type { Check, Look, Ruling } from '../../../src/checks/shared/check.ts';
import { tcp } from '../../../src/checks/tcp.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Attempt, Batch, Case, JournalEntry } from '../../../src/model.ts';
import { planRun } from '../../../src/plan/plan.ts';
import { arrivalsIn } from '../../../src/verdict/arrivals.ts';
import { benchFor } from '../../../src/verdict/judge-recording.ts';

const topology = () => dualStack(2);
const chosen = settings();
const all = () => expandMatrix([tcp], topology(), chosen);
const caseOf = (id: string): Case => {
  const found = all().find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
};
const THERE = 'pod-to-pod/tcp/v4 node-1 → node-2';
const uidOf = (node: string, role = 'prober', network = 'pod') =>
  topology().agents.find((one) => one.node === node && one.role === role && one.network === network)?.uid ??
  '';
const reachedBy = (uid: string): Attempt => ({ outcome: 'reached', responder: { node: 'n', pod: 'p', uid } });
const told = (id: string, ...attempts: Attempt[]): JournalEntry => ({
  type: 'observation',
  observation: { case: id, attempts },
});
const source = (node = 'node-1', network: 'pod' | 'host' = 'pod'): Batch['source'] => ({
  ...{ node, network, namespace: 'n', pod: 'p', uid: uidOf(node, 'prober', network) },
});

function bench(journal: JournalEntry[], check: Check = tcp, cases = all()) {
  return benchFor({ journal, cases }, topology(), chosen, [check]);
}
const judge = (journal: JournalEntry[], id = THERE, check?: Check) => bench(journal, check).judge(caseOf(id));

test('a pass is of the pod that the case means, and of no other', () => {
  expect(judge([told(THERE, reachedBy(uidOf('node-2')))])).toMatchObject({
    verdict: 'passed',
    reason: 'proof',
  });
  expect(judge([told(THERE, reachedBy(uidOf('node-1')))])).toMatchObject({
    verdict: 'failed',
    reason: 'wrong-responder',
    sentence: expect.stringMatching(/^answered by pod p on n, expected pod \S+ on node-2$/),
  });
});

describe('two reports on one case', () => {
  const pass = told(THERE, reachedBy(uidOf('node-2')));
  const failure = told(THERE, { outcome: 'timed-out' });

  test('that are one and the same are one', () => {
    expect(judge([pass, structuredClone(pass)])).toMatchObject({ verdict: 'passed' });
  });

  test.each([
    ['pass first', [pass, failure]],
    ['failure first', [failure, pass]],
    ['the first one again', [pass, failure, pass]],
  ])('that differ are neither: %s', (_, journal) => {
    expect(judge(journal)).toMatchObject({
      ...{ verdict: 'errored', reason: 'too-little', flaky: false },
      sentence:
        'too little was seen of the agent pod on node-2 to judge it (two reports on it contradict each other)',
    });
  });

  test('of a control leave it unobserved, and its witness unseen', () => {
    const [control] = planRun('r', all(), [tcp], topology(), chosen).controls;
    if (control === undefined) throw new Error('no control');
    const held = told(control.id, { outcome: 'refused' });
    expect(bench([held]).judgeControl(control).state).toBe('held');
    expect(bench([held, told(control.id, { outcome: 'timed-out' })]).judgeControl(control).state).toBe(
      'unobserved',
    );
  });
});

describe('what a case without a report is errored by', () => {
  test.each<[string, JournalEntry[], object]>([
    ['nothing at all', [], { reason: 'no-reply' }],
    [
      'its own batch',
      [{ type: 'batch-ended', source: source(), complete: false, cause: 'deadline', detail: 'late' }],
      { reason: 'deadline', sentence: expect.stringMatching(/\(late\)$/) },
    ],
    [
      'no other Node’s batch',
      [{ type: 'batch-ended', source: source('node-2'), complete: false, cause: 'deadline' }],
      { reason: 'no-reply' },
    ],
    [
      'nor the same Node’s other network',
      [{ type: 'batch-ended', source: source('node-1', 'host'), complete: false, cause: 'deadline' }],
      { reason: 'no-reply' },
    ],
    [
      'a batch that is complete',
      [{ type: 'batch-ended', source: source(), complete: true, cause: 'deadline' }],
      { reason: 'no-reply' },
    ],
    ['the interruption', [{ type: 'interrupted', signal: 'SIGINT' }], { reason: 'interrupted' }],
    [
      'the interruption, though its batch had ended well',
      [
        { type: 'batch-ended', source: source(), complete: true },
        { type: 'interrupted', signal: 'SIGINT' },
      ],
      { reason: 'interrupted' },
    ],
    [
      'its batch rather than the interruption',
      [
        { type: 'batch-ended', source: source(), complete: false, cause: 'exec-broken' },
        { type: 'interrupted', signal: 'SIGINT' },
      ],
      { reason: 'exec-broken' },
    ],
  ])('%s', (_, journal, wanted) => {
    expect(judge(journal)).toMatchObject({ verdict: 'errored', ...wanted });
  });

  test('the bench knows who interrupted', () => {
    expect(bench([{ type: 'interrupted', signal: 'SIGINT' }]).interrupted).toBe('SIGINT');
    expect(bench([]).interrupted).toBeUndefined();
  });
});

describe('a target that was lost', () => {
  const silent = told(THERE, { outcome: 'timed-out' });
  const without = (gone: string): JournalEntry => ({
    type: 'agents-after',
    agents: topology().agents.filter(({ uid }) => uid !== gone),
  });

  test('is found by the address that was probed', () => {
    expect(judge([silent, without(uidOf('node-2'))])).toMatchObject({
      verdict: 'errored',
      reason: 'target-gone',
    });
    expect(judge([silent, without(uidOf('node-1'))])).toMatchObject({
      verdict: 'failed',
      reason: 'timed-out',
    });
  });

  test('is the second pod of the Node where that was asked', () => {
    const id = 'pod-to-pod/tcp/v4 node-1 → node-1';
    const same = told(id, { outcome: 'timed-out' });
    expect(judge([same, without(uidOf('node-1', 'peer'))], id)).toMatchObject({ reason: 'target-gone' });
    expect(judge([same, without(uidOf('node-1'))], id)).toMatchObject({ reason: 'timed-out' });
  });
});

test('arrivals are of the attempt’s own mark, by the pod that was meant', () => {
  const silent = told(THERE, { outcome: 'timed-out', mark: 'm' });
  const arrivals = (part: object, node = 'node-2'): JournalEntry => ({
    ...{ type: 'arrivals', at: { node, network: 'pod', uid: uidOf(node) }, arrived: [], absent: [], ...part },
  });
  expect(judge([silent, arrivals({ arrived: ['m'] })])).toMatchObject({ arrival: 'some' });
  expect(judge([silent, arrivals({ absent: ['m'] })])).toMatchObject({ arrival: 'none' });
  expect(judge([silent, arrivals({ absent: ['m'] }, 'node-1')])).not.toHaveProperty('arrival');
  expect(judge([silent, arrivals({ absent: ['x'] })])).not.toHaveProperty('arrival');
  expect(judge([silent, arrivals({ absent: ['m'] }), arrivals({ arrived: ['m'] }, 'node-1')])).toMatchObject({
    arrival: 'some',
  });
});

describe('a check that judges by itself', () => {
  const ruling: Ruling = { verdict: 'failed', reason: 'mismatch', sentence: 'said by the check' };
  const withJudge = (own: (last: Attempt | undefined, look: Look) => Ruling): Check => ({
    ...tcp,
    judge: (_entry, last, look) => own(last, look),
  });

  test('sees the last attempt, and the run around it', () => {
    const looks: Look[] = [];
    const lasts: unknown[] = [];
    const journal: JournalEntry[] = [
      told(THERE, { outcome: 'timed-out' }, { outcome: 'refused' }),
      told('other', { outcome: 'reset' }),
      told('twice', { outcome: 'reset' }),
      told('twice', { outcome: 'refused' }),
      { type: 'nodes-after', nodes: topology().nodes },
      { type: 'agents-after', agents: topology().agents },
    ];
    const check = withJudge((last, look) => {
      lasts.push(last);
      looks.push(look);
      return ruling;
    });
    expect(judge(journal, THERE, check)).toMatchObject(ruling);
    expect(lasts).toEqual([{ outcome: 'refused' }]);
    const [look] = looks;
    expect(look?.seen('other')).toEqual({ outcome: 'reset' });
    expect(look?.seen(THERE)).toEqual({ outcome: 'refused' });
    expect([look?.seen('twice'), look?.seen('nobody')]).toEqual([undefined, undefined]);
    expect(look?.cases.map(({ id }) => id)).toEqual(all().map(({ id }) => id));
    expect([look?.nodesAfter, look?.agentsAfter]).toEqual([topology().nodes, topology().agents]);
    let made = 0;
    const make = () => ++made;
    expect([look?.once('a', make), look?.once('a', make), look?.once('b', make)]).toEqual([1, 1, 2]);
  });

  test('that cannot make sense of what was reported could not tell', () => {
    const check = withJudge(() => {
      throw new TypeError('no such thing');
    });
    expect(judge([told(THERE, { outcome: 'reached', found: 7 })], THERE, check)).toMatchObject({
      ...{ verdict: 'errored', reason: 'too-little' },
      sentence:
        'too little was seen of the agent pod on node-2 to judge it (what was reported makes no sense: no such thing)',
    });
  });

  test('is asked without an attempt where nothing is sent, and not where something should have been', () => {
    const asked: unknown[] = [];
    const own = withJudge((last) => {
      asked.push(last);
      return ruling;
    });
    expect(judge([], THERE, { ...own, aim: () => ({ kind: 'derived' }) })).toMatchObject(ruling);
    expect(asked).toEqual([undefined]);
    expect(judge([], THERE, own)).toMatchObject({ verdict: 'errored', reason: 'no-reply' });
    expect(asked).toHaveLength(1);
  });

  test('is not asked about a case that a rule leaves out', () => {
    const aimed: string[] = [];
    const check: Check = {
      ...withJudge(() => ruling),
      aim: (entry) => {
        aimed.push(entry.id);
        return { kind: 'derived' };
      },
    };
    const entry = { ...caseOf(THERE), skip: 'a rule' };
    expect(bench([], check, [entry]).judge(entry)).toMatchObject({ verdict: 'skipped', sentence: 'a rule' });
    expect(aimed).toEqual([]);
  });
});

test('a case of a check that nobody knows is judged by nothing, and so not passed', () => {
  const entry = { ...caseOf(THERE), check: 'sctp' };
  expect(bench([told(THERE, reachedBy('anybody'))]).judge(entry).verdict).toBe('failed');
});

describe('a target that no address tells is found by its name', () => {
  const silent = told(THERE, { outcome: 'timed-out' });
  const elsewhere: Check = {
    ...tcp,
    aim: () => ({ kind: 'probe', address: '192.0.2.9', port: 1, expect: [] }) as never,
  };
  const agentsBut = (gone: string): JournalEntry => ({
    type: 'agents-after',
    agents: topology().agents.filter(({ uid }) => uid !== gone),
  });
  const judgeBy = (entry: Case, gone: string) =>
    bench([silent, agentsBut(gone)], elsewhere).judge(entry).reason;

  test('its prober, in its network', () => {
    const entry = caseOf(THERE);
    expect(judgeBy(entry, uidOf('node-2'))).toBe('target-gone');
    for (const other of [uidOf('node-2', 'peer'), uidOf('node-2', 'prober', 'host'), uidOf('node-1')]) {
      expect(judgeBy(entry, other)).toBe('timed-out');
    }
  });

  test('but not what is only at a Node, or in no network', () => {
    const { network: _network, ...target } = caseOf(THERE).target;
    expect(
      judgeBy({ ...caseOf(THERE), target: { ...caseOf(THERE).target, name: 'a DNS pod' } }, uidOf('node-2')),
    ).toBe('timed-out');
    expect(judgeBy({ ...caseOf(THERE), target }, uidOf('node-2'))).toBe('timed-out');
  });
});

test('an interruption stays one, whatever is written behind it', () => {
  expect(bench([{ type: 'interrupted', signal: 'SIGINT' }, { type: 'recorded' }]).interrupted).toBe('SIGINT');
});

test('none arrived only if each pod that was meant says so, and somebody was', () => {
  const absent = (uid: string): JournalEntry => ({
    ...{ type: 'arrivals', at: { node: 'n', network: 'pod', uid }, arrived: [], absent: ['m'] },
  });
  const arrivalOf = arrivalsIn([absent('a'), absent('b')]);
  expect([arrivalOf('m', ['a', 'b']), arrivalOf('m', ['a', 'c']), arrivalOf('m', [])]).toEqual([
    'none',
    undefined,
    undefined,
  ]);
});
