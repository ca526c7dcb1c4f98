import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the next attempt may start: at most `perSecond` do, without bursts, because every new flow
 * is an entry in somebody's conntrack table for up to two minutes. An abort ends the wait at once.
 */
export function pacing(perSecond: number, signal: AbortSignal, now = () => performance.now(), wait = pause) {
  const gapMs = 1000 / perSecond;
  let free = 0;
  return async (): Promise<void> => {
    const asked = now();
    const start = Math.max(free, asked);
    free = start + gapMs;
    if (start > asked && !signal.aborted) await wait(start - asked, signal);
  };
}

/** Sleeps; an abort ends it early, without an error. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
