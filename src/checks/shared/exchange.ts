import type { Attempt } from '../../model.ts';

export interface Exchange {
  /** What it means that nothing more came within the limit. */
  silence(): Attempt;
  /** Frees every handle. Called exactly once, whatever ended the exchange. */
  close(): void;
}

/** A timer that is late by so much shows that this process stood still; and how often it gets its time again. */
const STALL_MS = 200;
const EXTENSIONS = 2;

/**
 * One attempt that ends with the first of: what `begin` reports, the limit (milliseconds), the abort.
 * `begin` reports through `end`; later reports are ignored.
 */
export function exchange(
  limitMs: number,
  signal: AbortSignal,
  begin: (end: (attempt: Attempt) => void) => Exchange,
): Promise<Attempt> {
  if (signal.aborted) return Promise.resolve(abortedAttempt(signal));
  return new Promise((resolve) => {
    let due = 0;
    let extensions = EXTENSIONS;
    let running: Exchange | undefined;
    let timer: NodeJS.Timeout | undefined;
    let over = false;
    const end = (attempt: Attempt) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      running?.close();
      resolve(attempt);
    };
    const onAbort = () => end(abortedAttempt(signal));
    const arm = () => {
      due = performance.now() + limitMs;
      // Timers run before I/O: an answer that is already in the socket's buffer gets one more turn to be read.
      timer = setTimeout(() => setImmediate(onLimit), limitMs);
    };
    const onLimit = () => {
      if (over) return;
      const lateMs = performance.now() - due;
      // This process got no CPU meanwhile: the time that it did not listen is given again.
      if (lateMs >= STALL_MS && extensions-- > 0) arm();
      else end(stalledAttempt(lateMs, limitMs) ?? running?.silence() ?? { outcome: 'timed-out' });
    };
    running = begin(end);
    if (over) return running.close();
    arm();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The attempt that an aborted signal leaves behind: nothing is known about the network. */
export function abortedAttempt(signal: AbortSignal): Attempt {
  return { outcome: 'unobserved', cause: signal.reason === 'deadline' ? 'deadline' : 'interrupted' };
}

/** Milliseconds since `start` (of `performance.now()`), to the microsecond. */
export function since(start: number): number {
  return toMicroseconds(performance.now() - start);
}

/** Milliseconds without digits that no clock here can tell. */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** A limit that fires far too late says that this process got no CPU, not that the network is silent. */
function stalledAttempt(lateMs: number, limitMs: number): Attempt | undefined {
  if (lateMs < Math.max(1000, limitMs / 2)) return undefined;
  const detail = `the agent itself stood still for ${Math.round(lateMs)} ms`;
  return { outcome: 'unobserved', cause: 'local-fault', detail };
}
