import { expect, test } from 'vitest';
import type { Round } from '../../../src/model.ts';
import { gatesFor } from '../../../src/run/gates.ts';

const ROUNDS: Round[] = ['main', 'enforced', 'lifted'];

/** Gates for a, b and c, and everything that happens at them, in order. */
function gates(enter: (round: Round) => Promise<void> = async () => {}) {
  const events: string[] = [];
  const { pass, leave } = gatesFor(['a', 'b', 'c'], ROUNDS, async (round) => {
    events.push(`enter ${round}`);
    await enter(round);
    events.push(`ready ${round}`);
  });
  return {
    events,
    leave,
    pass: (source: string) =>
      pass(source).then(
        () => void events.push(`${source} goes on`),
        (error: Error) => void events.push(`${source}: ${error.message}`),
      ),
  };
}

/** Every promise that can settle has settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a round begins for all together, after it was made ready, once', async () => {
  const { events, pass } = gates();
  const through = [pass('a'), pass('b')];
  await settled();
  expect(events).toEqual([]);
  await Promise.all([...through, pass('c')]);
  expect(events).toEqual(['enter enforced', 'ready enforced', 'a goes on', 'b goes on', 'c goes on']);
  await Promise.all([pass('c'), pass('a'), pass('b')]);
  expect(events.slice(5)).toEqual(['enter lifted', 'ready lifted', 'c goes on', 'a goes on', 'b goes on']);
});

test('nobody waits for a source that has ended, before or after the others came', async () => {
  const { events, pass, leave } = gates();
  leave('b');
  const waiting = pass('a');
  await settled();
  expect(events).toEqual([]);
  leave('c');
  await waiting;
  expect(events).toEqual(['enter enforced', 'ready enforced', 'a goes on']);
});

test('a source that ends while it waits holds nobody up', async () => {
  const { events, pass, leave } = gates();
  void pass('a');
  leave('a');
  await Promise.all([pass('b'), pass('c')]);
  expect(events.filter((event) => event.startsWith('enter'))).toEqual(['enter enforced']);
});

test('a source that ends while a round is made ready does not make it ready twice', async () => {
  const made = Promise.withResolvers<void>();
  const { events, pass, leave } = gates(() => made.promise);
  const through = [pass('a'), pass('b'), pass('c')];
  leave('c');
  made.resolve();
  await Promise.all(through);
  expect(events.filter((event) => event.startsWith('enter'))).toEqual(['enter enforced']);
});

test('when all have ended, no further round is made ready', async () => {
  const { events, leave } = gates();
  for (const source of ['a', 'b', 'c']) leave(source);
  await settled();
  expect(events).toEqual([]);
});

test('what a late line of a source that has ended says opens nothing', async () => {
  const { events, pass, leave } = gates();
  leave('a');
  void pass('a');
  void pass('b');
  await settled();
  expect(events).not.toContain('enter enforced');
  await pass('c');
  expect(events).toContain('enter enforced');
});

test('a round that cannot be made ready ends all of them, with its reason', async () => {
  const { events, pass } = gates(async () => {
    throw new Error('no right to make a NetworkPolicy');
  });
  await Promise.all([pass('a'), pass('b'), pass('c')]);
  const said = ['a', 'b', 'c'].map((source) => `${source}: no right to make a NetworkPolicy`);
  expect(events).toEqual(['enter enforced', ...said]);
});
