import { expect, test } from 'vitest';
import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import type { Batch, JournalEntry, Observation, Plan, Probe } from '../../../src/model.ts';
import { executePlan, type RunBatch } from '../../../src/run/execute.ts';

const probeOf = (id: string): Probe => ({
  case: id,
  check: 'tcp',
  family: 'v4',
  address: '10.0.0.1',
  port: 1,
  expect: ['u'],
  timeoutMs: 1000,
  attempts: 1,
  count: 1,
});
const batchOf = (node: string, ...ids: string[]): Batch => ({
  source: { node, network: 'pod', namespace: 'n', pod: `p-${node}`, uid: `u-${node}` },
  rounds: [{ round: 'main', probes: ids.map(probeOf) }],
});
const seen = (id: string): Observation => ({ case: id, attempts: [{ outcome: 'reached' }] });

async function run(batches: Batch[], runBatch: RunBatch, signal = new AbortController().signal) {
  const entries: JournalEntry[] = [];
  const plan: Plan = { run: 'r', batches, controls: [], unsent: [] };
  const options = {
    append: (entry: JournalEntry) => entries.push(entry),
    onObservation: () => {},
    enter: async () => {},
    now: () => 0,
  };
  await executePlan(plan, settings(), { ...options, runBatch, signal });
  const ends = entries.filter((entry) => entry.type === 'batch-ended');
  const observed = entries.flatMap((entry) => (entry.type === 'observation' ? [entry.observation.case] : []));
  return { ends, observed };
}

test('what arrives is kept, all of it, but only what was asked', async () => {
  const { ends, observed } = await run([batchOf('a', 'x', 'y')], async (_batch, _request, { onLine }) => {
    for (const id of ['x', 'x', 'foreign', 'y']) onLine({ type: 'observation', observation: seen(id) });
    return { complete: true };
  });
  // Told twice: the judge must see both.
  expect(observed).toEqual(['x', 'x', 'y']);
  expect(ends).toMatchObject([{ complete: true }]);
});

test('an agent that says done but left something out is not complete', async () => {
  const { ends } = await run([batchOf('a', 'x', 'y')], async (_batch, _request, { onLine }) => {
    onLine({ type: 'observation', observation: seen('x') });
    return { complete: true };
  });
  expect(ends).toMatchObject([
    { complete: false, cause: 'no-reply', detail: 'the agent said done but left out 1' },
  ]);
});

test('one broken batch costs only its own cases', async () => {
  const { ends, observed } = await run(
    [batchOf('a', 'x'), batchOf('b', 'y')],
    async (batch, _request, { onLine }) => {
      if (batch.source.node === 'a') throw new Error('socket closed');
      onLine({ type: 'observation', observation: seen('y') });
      return { complete: true };
    },
  );
  expect(observed).toEqual(['y']);
  expect(ends).toMatchObject([
    { complete: false, cause: 'exec-broken', detail: 'socket closed' },
    { complete: true },
  ]);
});

test('after an interruption no further batch starts, and each says why', async () => {
  const controller = new AbortController();
  let started = 0;
  const batches = Array.from({ length: 40 }, (_, index) => batchOf(`n${index}`, `x${index}`));
  const { ends } = await run(
    batches,
    async () => {
      started++;
      controller.abort('SIGTERM');
      return { complete: false, cause: 'interrupted' };
    },
    controller.signal,
  );
  expect(started).toBe(1);
  expect(ends.map((end) => end.cause)).toEqual(batches.map(() => 'interrupted'));
});

test('no more sources at once than the settings allow', async () => {
  let running = 0;
  let most = 0;
  const batches = Array.from({ length: 40 }, (_, index) => batchOf(`n${index}`, `x${index}`));
  await run(batches, async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return { complete: true };
  });
  expect(most).toBe(settings().probe.sourcesAtOnce);
});
