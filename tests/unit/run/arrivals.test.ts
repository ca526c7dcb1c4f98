// What nobody answered is asked of those that it was meant for, with agents that do as the real one does.
import { expect, test } from 'vitest';
import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import type { Arrivals, Attempt, Batch, JournalEntry, Plan, Probe } from '../../../src/model.ts';
import { executePlan, type RunBatch } from '../../../src/run/execute.ts';
import { arrivalsIn } from '../../../src/verdict/arrivals.ts';

const NODES = ['a', 'b', 'c'];

/** From each Node to each, pod to pod. */
const batches = NODES.map((from): Batch => {
  const probes = NODES.map((to): Probe => {
    const aim = {
      family: 'v4' as const,
      address: `10.0.0.${to.charCodeAt(0)}`,
      port: 1,
      expect: [`u-${to}`],
    };
    return { case: `${from} → ${to}`, check: 'udp', ...aim, timeoutMs: 1000, attempts: 1, count: 1 };
  });
  const source = { node: from, network: 'pod' as const, namespace: 'n', pod: `p-${from}`, uid: `u-${from}` };
  return { source, rounds: [{ round: 'main', probes }] };
});

interface World {
  /** Cases whose request never arrives, and cases whose answer is lost. */
  lost?: string[];
  unanswered?: string[];
  /** Agents that die before they can be asked. */
  dead?: string[];
  whole?: boolean;
  sourcesAtOnce?: number;
}

async function run({ lost = [], unanswered = [], dead = [], whole = true, sourcesAtOnce = 16 }: World) {
  const marks = new Map<string, Set<string>>(NODES.map((node) => [node, new Set()]));
  const execs: string[] = [];
  const runBatch: RunBatch = async ({ source, rounds }, _request, { onLine, question }) => {
    execs.push(source.node);
    let count = 0;
    for (const { case: id } of rounds.flatMap(({ probes }) => probes)) {
      const [, target = ''] = id.split(' → ');
      const mark = `mark of ${id}`;
      if (!lost.includes(id)) marks.get(target)?.add(mark);
      const silent = lost.includes(id) || unanswered.includes(id);
      const attempt: Attempt = silent ? { outcome: 'timed-out', mark } : { outcome: 'reached' };
      onLine({ type: 'observation', observation: { case: id, attempts: [attempt] } });
      count += 1;
    }
    if (dead.includes(source.node)) return { complete: false, cause: 'exec-broken' };
    const asked = (await question()).marks;
    const arrived = asked.filter((mark) => marks.get(source.node)?.has(mark));
    if (asked.length > 0) onLine({ type: 'arrivals', arrived, whole });
    onLine({ type: 'done', count });
    return { complete: true };
  };
  const entries: JournalEntry[] = [];
  const chosen = settings((draft) => {
    draft.probe.sourcesAtOnce = sourcesAtOnce;
  });
  const plan: Plan = { run: 'r', batches, controls: [], unsent: [] };
  await executePlan(plan, chosen, {
    runBatch,
    append: (entry) => entries.push(entry),
    onObservation: () => {},
    enter: async () => {},
    now: () => 0,
    signal: new AbortController().signal,
  });
  const told = entries.filter((entry): entry is Arrivals => entry.type === 'arrivals');
  const arrivalOf = arrivalsIn(entries);
  const arrivals = Object.fromEntries(
    [...lost, ...unanswered].map((id) => [id, arrivalOf(`mark of ${id}`, [`u-${id.split(' → ')[1]}`])]),
  );
  return { execs, told, arrivals, ends: entries.filter((entry) => entry.type === 'batch-ended').length };
}

test('where all is answered nobody is asked anything', async () => {
  expect(await run({})).toEqual({ execs: ['a', 'b', 'c'], told: [], arrivals: {}, ends: 3 });
});

test('a lost request is told from a lost answer, in one exec of each agent', async () => {
  const { execs, arrivals } = await run({ lost: ['a → b'], unanswered: ['b → a', 'a → c'] });
  expect(arrivals).toEqual({ 'a → b': 'none', 'b → a': 'some', 'a → c': 'some' });
  expect(execs).toEqual(['a', 'b', 'c']);
});

test('agents of an earlier wave are asked once more, and only those that somebody got no answer from', async () => {
  const { execs, arrivals, ends } = await run({ lost: ['c → a'], unanswered: ['a → c'], sourcesAtOnce: 1 });
  expect(arrivals).toEqual({ 'c → a': 'none', 'a → c': 'some' });
  expect(execs).toEqual(['a', 'b', 'c', 'a']);
  expect(ends).toBe(3);
});

test.each([1, 16])(
  'of a target that died nobody knows, and it is not asked again (%i at once)',
  async (sourcesAtOnce) => {
    const { execs, arrivals } = await run({ lost: ['a → b', 'c → b'], dead: ['b'], sourcesAtOnce });
    expect(arrivals).toEqual({ 'a → b': undefined, 'c → b': undefined });
    expect(execs).toEqual(['a', 'b', 'c']);
  },
);

test('who had to forget something says what came, and not what never did', async () => {
  const { arrivals } = await run({ lost: ['a → b'], unanswered: ['c → b'], whole: false });
  expect(arrivals).toEqual({ 'a → b': undefined, 'c → b': 'some' });
});

test('where several may have got it, none did only by the word of each', () => {
  const entry = (uid: string, more: Partial<Arrivals>): Arrivals => {
    return { type: 'arrivals', at: { node: uid, network: 'pod', uid }, arrived: [], absent: [], ...more };
  };
  const arrivalOf = arrivalsIn([
    entry('a', { absent: ['m1', 'm2', 'm3'] }),
    entry('b', { absent: ['m1'], arrived: ['m2'] }),
  ]);
  expect(arrivalOf('m1', ['a', 'b'])).toBe('none');
  expect(arrivalOf('m2', ['a', 'b'])).toBe('some');
  expect(arrivalOf('m3', ['a', 'b'])).toBeUndefined();
  expect(arrivalOf('m1', [])).toBeUndefined();
  expect(arrivalOf('m4', ['a'])).toBeUndefined();
});
