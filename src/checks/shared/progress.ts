import type { Attempt } from '../../model.ts';
import { since } from './exchange.ts';

/** What is on the way to an answer, in its order. */
type Step = 'resolve' | 'connect' | 'tls' | 'answer';

/** How far a question came: the `found` of its attempt. Times are milliseconds of that step alone. */
export interface Progress {
  /** The one that was under way when the attempt ended. */
  step: Step;
  /** The address that was used: the one that a name resolved to, or the one that was given. */
  address?: string;
  resolveMs?: number;
  connectMs?: number;
  tlsMs?: number;
  /** From the request to the first byte of its answer. */
  firstByteMs?: number;
  /** Of an HTTP answer. */
  status?: number;
}

/** Times the steps of one attempt, and puts them on it. */
export interface Stopwatch {
  readonly progress: Progress;
  /** The step under way has ended, and this one begins. */
  enter(step: Step): void;
  /** The first byte of the answer is here; only the first call counts. */
  firstByte(): void;
  /** The attempt with what it took. A wrong answer is one that was received: no control may get any. */
  stamped(attempt: Attempt): Attempt;
}

export function stopwatch(address: string): Stopwatch {
  const startedAt = performance.now();
  let stepAt = startedAt;
  const progress: Progress = { step: 'connect', address };
  return {
    progress,
    enter: (step) => {
      if (progress.step === 'connect') progress.connectMs = since(stepAt);
      if (progress.step === 'tls') progress.tlsMs = since(stepAt);
      progress.step = step;
      stepAt = performance.now();
    },
    firstByte: () => {
      progress.firstByteMs ??= since(stepAt);
    },
    stamped: (attempt) => ({
      ...attempt,
      ...(attempt.outcome === 'wrong-answer' && { sent: 1, received: 1 }),
      measured: { tookMs: since(startedAt) },
      found: progress,
    }),
  };
}
