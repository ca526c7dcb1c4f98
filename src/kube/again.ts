import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';

/** HTTP's "too many requests": the API server has more to do than it can, did nothing of what was asked, and says when to come again. */
export const TOO_MANY = 429;

/** A connection that was cut is tried again so often; a server that says "later" has longer: some 20 s in all. */
const AFTER_A_CUT = 2;
const WHEN_BUSY = 8;
/** Of what `Retry-After` says (seconds); the API server says 1. */
const LONGEST_S = 10;

/** An answer that says "later". */
export interface Later {
  waitMs: number;
}

/** What `Retry-After` means; a proxy in between may write a date there, or nothing. */
export function waitMsOf(retryAfter: string | undefined): number {
  const seconds = Number(retryAfter);
  return 1000 * (seconds > 0 ? Math.min(seconds, LONGEST_S) : 1);
}

/** Asks until there is an answer. Asked again is after a fault that `isTransient`, and after one that has a `waitMs`. */
export function askAgain<T>(
  ask: () => Promise<T>,
  isTransient: (error: Error) => boolean,
  signal: AbortSignal | undefined,
): Promise<T> {
  return pRetry(ask, {
    retries: WHEN_BUSY,
    minTimeout: 250,
    maxTimeout: 2_000,
    ...(signal && { signal }),
    shouldRetry: ({ error, attemptNumber }) =>
      isLater(error) || (isTransient(error) && attemptNumber <= AFTER_A_CUT),
    onFailedAttempt: async ({ error }) => {
      if (isLater(error)) await sleep(error.waitMs, undefined, { signal });
    },
  });
}

function isLater(error: Error): error is Error & Later {
  return 'waitMs' in error && typeof error.waitMs === 'number';
}
