import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Room, roomFor } from '../../src/agent/room.ts';

const LOOK_MS = 100;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

interface Scene {
  room: Room;
  controller: AbortController;
  /** Everybody who wants in, at once. */
  crowd(count: number): Promise<void>;
  /** How many were let in so far. */
  inside(): number;
  /** One look, that comes so many milliseconds too late. */
  look(lateMs: number): Promise<void>;
}

/** Time as this process sees it: late by what the test says. */
function scene({ most = 16, hurryAfterMs = 1e9 } = {}): Scene {
  let stoodStillMs = 0;
  let inside = 0;
  const now = () => performance.now() + stoodStillMs;
  const controller = new AbortController();
  const room = roomFor({ most, signal: controller.signal, hurryAt: now() + hurryAfterMs, now });
  return {
    room,
    controller,
    inside: () => inside,
    async crowd(count) {
      for (let each = 0; each < count; each += 1) void room.enter().then(() => (inside += 1));
      await vi.advanceTimersByTimeAsync(0);
    },
    async look(lateMs) {
      stoodStillMs += lateMs;
      await vi.advanceTimersByTimeAsync(LOOK_MS);
    },
  };
}

test('it begins with a quarter; where nothing is late all are soon in flight, and the next when one is through', async () => {
  const { room, crowd, inside, look } = scene();
  await crowd(40);
  expect(inside()).toBe(4);
  for (let turn = 0; turn < 20; turn += 1) await look(0);
  expect(inside()).toBe(16);
  room.leave();
  await look(0);
  expect(inside()).toBe(17);
});

test('each turn that comes late halves it, down to a quarter; each in time gives one back', async () => {
  const { room, crowd, inside, look } = scene();
  for (let turn = 0; turn < 20; turn += 1) await look(0);
  await look(80);
  await crowd(8);
  expect(inside()).toBe(8);
  for (let through = 0; through < 8; through += 1) room.leave();
  for (let late = 0; late < 5; late += 1) await look(80);
  await crowd(40);
  expect(inside()).toBe(8 + 4);
  await look(0);
  await look(0);
  expect(inside()).toBe(8 + 6);
  // Two are through while less is allowed: nobody takes their place.
  await look(80);
  for (let through = 0; through < 2; through += 1) room.leave();
  await look(80);
  expect(inside()).toBe(8 + 6);
});

test('a turn that is a little late is none', async () => {
  const { crowd, inside, look } = scene();
  for (let turn = 0; turn < 20; turn += 1) await look(40);
  await crowd(40);
  expect(inside()).toBe(16);
});

test('when half of the time is gone nobody is held back any more', async () => {
  const { crowd, inside, look } = scene({ hurryAfterMs: 1000 });
  for (let turn = 0; turn < 3; turn += 1) await look(80);
  await crowd(40);
  expect(inside()).toBe(4);
  await look(900);
  expect(inside()).toBe(16);
});

test('an abort lets everybody in: what is left has to be told', async () => {
  const { controller, crowd, inside } = scene();
  await crowd(40);
  expect(inside()).toBe(4);
  controller.abort('deadline');
  await crowd(1);
  expect(inside()).toBe(41);
});
