// How the sources of a run go through its rounds, with agents that do as the real one does.
import { expect, test } from 'vitest';
import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import { messageOf } from '../../../src/errors.ts';
import type { Batch, JournalEntry, Plan, Probe, Round } from '../../../src/model.ts';
import { executePlan, type RunBatch } from '../../../src/run/execute.ts';
import type { BatchRequest } from '../../../src/wire.ts';

const probeOf = (id: string, more: Partial<Probe> = {}): Probe => {
  const aim = { family: 'v4' as const, address: '10.0.0.1', port: 1, expect: ['u'] };
  return { case: id, check: 'tcp', ...aim, timeoutMs: 1000, attempts: 1, count: 1, ...more };
};

/** A source with as many probes in each round as are named. */
function batchOf(node: string, probes: Partial<Record<Round, number>>, more: Partial<Probe> = {}): Batch {
  const rounds = (Object.entries(probes) as [Round, number][]).map(([round, count]) => ({
    round,
    probes: Array.from({ length: count }, (_, index) => probeOf(`${node} ${round} ${index}`, more)),
  }));
  return { source: { node, network: 'pod', namespace: 'n', pod: `p-${node}`, uid: `u-${node}` }, rounds };
}

/** Reports every probe, and after each round but the last asks to go on. `at` is told of each round's begin. */
function agent(at: (node: string, round: Round) => void | Promise<void> = () => {}): RunBatch {
  return async ({ source }, { rounds }, { onLine, nextRound, signal }) => {
    for (const [index, { round, probes }] of rounds.entries()) {
      await at(source.node, round);
      if (signal.aborted) return { complete: false, cause: 'interrupted' };
      for (const { case: id } of probes) {
        onLine({ type: 'observation', observation: { case: id, attempts: [{ outcome: 'reached' }] } });
      }
      if (index === rounds.length - 1) break;
      try {
        await nextRound();
      } catch (error) {
        return { complete: false, cause: 'batch-aborted', detail: messageOf(error) };
      }
    }
    return { complete: true };
  };
}

interface Options {
  enter?: (round: Round) => Promise<void>;
  signal?: AbortSignal;
  sourcesAtOnce?: number;
}

async function run(batches: Batch[], runBatch: RunBatch, { enter, signal, sourcesAtOnce }: Options = {}) {
  const entries: JournalEntry[] = [];
  const plan: Plan = { run: 'r', batches, controls: [], unsent: [] };
  const chosen = settings((draft) => {
    draft.probe.sourcesAtOnce = sourcesAtOnce ?? 16;
  });
  await executePlan(plan, chosen, {
    runBatch,
    append: (entry) => entries.push(entry),
    onObservation: () => {},
    enter: enter ?? (async () => {}),
    now: () => 0,
    signal: signal ?? new AbortController().signal,
  });
  const ends = Object.fromEntries(
    entries.flatMap((entry) =>
      entry.type === 'batch-ended' ? [[entry.source.node, entry.cause ?? entry.complete]] : [],
    ),
  );
  const observed = entries.flatMap((entry) => (entry.type === 'observation' ? [entry.observation.case] : []));
  return { entries, ends, observed };
}

test('all sources begin a round together, in the order of the wire, after it was made ready', async () => {
  const events: string[] = [];
  const batches = [
    batchOf('a', { lifted: 1, main: 1, enforced: 1 }),
    batchOf('b', { enforced: 2, lifted: 1, main: 3 }),
  ];
  const at = (node: string, round: Round) => void events.push(`${node} ${round}`);
  const { ends, observed } = await run(batches, agent(at), {
    enter: async (round) => void events.push(`enter ${round}`),
  });
  expect(events).toEqual(
    ['main', 'enforced', 'lifted'].flatMap((round) => [`enter ${round}`, `a ${round}`, `b ${round}`]),
  );
  expect(ends).toEqual({ a: true, b: true });
  expect(observed).toHaveLength(9);
});

test('a source with nothing to do in a round is asked nothing in it, and waits it out', async () => {
  const asked = new Map<string, BatchRequest>();
  const events: string[] = [];
  const inner = agent((node, round) => void events.push(`${node} ${round}`));
  await run(
    [batchOf('a', { main: 1, lifted: 1 }), batchOf('b', { main: 1, enforced: 1 })],
    (batch, request, handlers) => {
      asked.set(batch.source.node, request);
      return inner(batch, request, handlers);
    },
  );
  const counts = (node: string) =>
    asked.get(node)?.rounds.map(({ round, probes }) => [round, probes.length] as const);
  expect(counts('a')).toEqual([
    ['main', 1],
    ['enforced', 0],
    ['lifted', 1],
  ]);
  expect(counts('b')).toEqual([
    ['main', 1],
    ['enforced', 1],
    ['lifted', 0],
  ]);
  expect(events.indexOf('a lifted')).toBeGreaterThan(events.indexOf('b enforced'));
});

test('a round that nobody has probes in is never entered', async () => {
  const entered: Round[] = [];
  const enter = async (round: Round) => void entered.push(round);
  await run([batchOf('a', { main: 1 }), batchOf('b', { settled: 1 })], agent(), { enter });
  expect(entered).toEqual(['main', 'settled']);
});

test('each wave of sources goes through all rounds before the next one begins', async () => {
  const events: string[] = [];
  const batches = ['a', 'b', 'c'].map((node) => batchOf(node, { main: 1, enforced: 1, lifted: 1 }));
  await run(
    batches,
    agent((node, round) => void events.push(`${node} ${round}`)),
    { sourcesAtOnce: 2, enter: async (round) => void events.push(`enter ${round}`) },
  );
  expect(events.filter((event) => event.startsWith('enter'))).toEqual(
    [0, 1].flatMap(() => ['enter main', 'enter enforced', 'enter lifted']),
  );
  expect(events.indexOf('c main')).toBeGreaterThan(events.indexOf('b lifted'));
});

test('a source that dies in one round costs its own cases, and the others go on', async () => {
  const alive = agent();
  const { ends, observed } = await run(
    [batchOf('a', { main: 1, lifted: 1 }), batchOf('b', { main: 1, lifted: 1 })],
    (batch, request, handlers) => {
      if (batch.source.node === 'a') throw new Error('socket closed');
      return alive(batch, request, handlers);
    },
  );
  expect(ends).toEqual({ a: 'exec-broken', b: true });
  expect(observed).toEqual(['b main 0', 'b lifted 0']);
});

test('a first round that cannot be made ready sends nothing, and says why', async () => {
  let started = 0;
  const { entries } = await run(
    [batchOf('a', { main: 1 })],
    agent(() => void started++),
    {
      enter: () => Promise.reject(new Error('the API server is gone')),
    },
  );
  expect(started).toBe(0);
  const source = expect.objectContaining({ node: 'a' });
  const detail = 'the API server is gone';
  expect(entries).toEqual([{ type: 'batch-ended', source, complete: false, cause: 'batch-aborted', detail }]);
});

test('a later round that cannot be made ready keeps what was seen before it', async () => {
  const { ends, observed } = await run(
    [batchOf('a', { main: 1, enforced: 1 }), batchOf('b', { main: 1, enforced: 1 })],
    agent(),
    { enter: (round) => (round === 'enforced' ? Promise.reject(new Error('forbidden')) : Promise.resolve()) },
  );
  expect(ends).toEqual({ a: 'batch-aborted', b: 'batch-aborted' });
  expect(observed).toEqual(['a main 0', 'b main 0']);
});

test('after an interruption no round is made ready any more', async () => {
  const stop = new AbortController();
  const entered: Round[] = [];
  const batches = [batchOf('a', { main: 1, enforced: 1 }), batchOf('b', { main: 1, enforced: 1 })];
  // `a` waits for `b`, which the interruption ends: it would open the gate by going.
  const at = async (node: string) => {
    if (node === 'b') stop.abort('SIGINT');
  };
  const { ends } = await run(batches, agent(at), {
    signal: stop.signal,
    enter: async (round) => void entered.push(round),
  });
  expect(entered).toEqual(['main']);
  expect(ends).toEqual({ a: expect.anything(), b: 'interrupted' });
});

test('the time of a batch is enough for the slowest source of every round, because all wait for it', async () => {
  const deadlines: number[] = [];
  const slow = { timeoutMs: 60_000 };
  await run(
    [batchOf('a', { main: 16, enforced: 0 }, slow), batchOf('b', { main: 0, enforced: 16 }, slow)],
    (batch, request, handlers) => {
      deadlines.push(request.deadlineMs);
      return agent()(batch, request, handlers);
    },
  );
  // Each round: 16 probes at once, none answered, one behind.
  expect(Math.min(...deadlines)).toBeGreaterThanOrEqual(240_000);
});
