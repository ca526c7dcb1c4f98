import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exchange } from '../../../src/checks/shared/exchange.ts';
import type { Attempt } from '../../../src/model.ts';

const reached: Attempt = { outcome: 'reached' };
const silent: Attempt = { outcome: 'timed-out', detail: 'silence' };
const never = () => new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
  jumped = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + jumped);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function begun(signal = never()) {
  const close = vi.fn();
  let end: (attempt: Attempt) => void = () => {};
  const attempt = exchange(1000, signal, (report) => {
    end = report;
    return { silence: () => silent, close };
  });
  return { attempt, close, end: (value: Attempt) => end(value) };
}

test('the first report counts, and everything is closed once', async () => {
  const { attempt, close, end } = begun();
  end(reached);
  end({ outcome: 'reset' });
  await vi.advanceTimersByTimeAsync(5000);
  expect(await attempt).toEqual(reached);
  expect(close).toHaveBeenCalledTimes(1);
});

test('at the limit silence counts', async () => {
  const { attempt, close } = begun();
  await vi.advanceTimersByTimeAsync(1001);
  expect(await attempt).toEqual(silent);
  expect(close).toHaveBeenCalledTimes(1);
});

test('an answer that was already in the buffer when the limit fired still counts', async () => {
  const { attempt, end } = begun();
  // Between a loop's timers and its immediates lies its I/O.
  setTimeout(() => end(reached), 1000);
  await vi.advanceTimersByTimeAsync(1001);
  expect(await attempt).toEqual(reached);
});

let jumped = 0;

/** The clock jumps by so much while nothing runs, as if the process had got no CPU. */
function stall(ms: number): void {
  jumped += ms;
}

test('a process that stood still listens once more, and an answer that comes then counts', async () => {
  const { attempt, end } = begun();
  stall(3000);
  await vi.advanceTimersByTimeAsync(1001);
  setTimeout(() => end(reached), 500);
  await vi.advanceTimersByTimeAsync(501);
  expect(await attempt).toEqual(reached);
});

test('silence in the time that it was given again is silence', async () => {
  const { attempt } = begun();
  stall(3000);
  await vi.advanceTimersByTimeAsync(1001);
  await vi.advanceTimersByTimeAsync(1001);
  expect(await attempt).toEqual(silent);
});

test('a process that stands still again and again does not call the network silent', async () => {
  const { attempt } = begun();
  for (let times = 0; times < 3; times++) {
    stall(3000);
    await vi.advanceTimersByTimeAsync(1001);
  }
  expect(await attempt).toMatchObject({ outcome: 'unobserved', cause: 'local-fault' });
});

test('after an abort nothing is begun, and a report in the beginning closes too', async () => {
  const begin = vi.fn();
  expect(await exchange(1000, AbortSignal.abort('deadline'), begin)).toEqual({
    outcome: 'unobserved',
    cause: 'deadline',
  });
  expect(begin).not.toHaveBeenCalled();
  const close = vi.fn();
  const attempt = exchange(1000, never(), (end) => {
    end(reached);
    return { silence: () => silent, close };
  });
  expect(await attempt).toEqual(reached);
  expect(close).toHaveBeenCalledTimes(1);
});
