import pRetry from 'p-retry';
import { isAway } from './api-error.ts';

interface Patience {
  /** How long the API server may be away at a stretch, milliseconds. */
  longestMs: number;
  signal?: AbortSignal;
  /** Called after each answer that did not come. */
  onAway?(error: Error): void;
}

/** Asks again and again while the API server is away or busy; what it refuses is thrown at once. */
export function whileAway<T>(ask: () => Promise<T>, { longestMs, signal, onAway }: Patience): Promise<T> {
  return pRetry(ask, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: longestMs,
    minTimeout: 1_000,
    maxTimeout: 10_000,
    ...(signal === undefined ? {} : { signal }),
    shouldRetry: ({ error }) => isAway(error),
    onFailedAttempt: ({ error }) => {
      if (isAway(error)) onAway?.(error);
    },
  });
}
