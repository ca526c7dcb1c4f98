// Nobody says when a NetworkPolicy has reached every Node. So a probe asks until it sees it, for a bounded time.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from '../../model.ts';
import { abortedAttempt, toMicroseconds } from './exchange.ts';
import { isAnswer } from './knock.ts';

/** What was asked until the answer was clear: beside the attempt that decided, for the report. */
export interface Asked {
  /** Flows in all, and those of them that were answered. */
  flows: number;
  answered: number;
  /** From the beginning of the round to the flow that decided, milliseconds. */
  afterMs: number;
}

interface Window {
  /** Of `performance.now()`: when the round began, and until when a change is waited for. */
  startedAt: number;
  endsAt: number;
  signal: AbortSignal;
}

/** Flows side by side, each from another port: what was silent once must stay so. */
const CONFIRMATIONS = 3;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/**
 * Asks until nothing answers and three more flows confirm it, or the window is over: then what answers last is the
 * result.
 */
export async function untilSilent(look: () => Promise<Attempt>, window: Window): Promise<Attempt> {
  return asking(window, async (tell) => {
    const first = tell(await look());
    if (first.outcome === 'unobserved' || isAnswer(first)) return first;
    const more = await Promise.all(Array.from({ length: CONFIRMATIONS }, look));
    for (const one of more) tell(one);
    return more.find(isAnswer) ?? more.find(({ outcome }) => outcome === 'unobserved') ?? first;
  });
}

/** Asks until `look` reaches its target without a loss, or the window is over: the change may come between two datagrams. */
export async function untilReached(look: () => Promise<Attempt>, window: Window): Promise<Attempt> {
  return asking(
    window,
    async (tell) => tell(await look()),
    ({ outcome, sent, received }) => outcome === 'reached' && sent === received,
  );
}

async function asking(
  { startedAt, endsAt, signal }: Window,
  round: (tell: (attempt: Attempt) => Attempt) => Promise<Attempt>,
  enough: (attempt: Attempt) => boolean = (attempt) => !isAnswer(attempt),
): Promise<Attempt> {
  const asked: Asked = { flows: 0, answered: 0, afterMs: 0 };
  const tell = (attempt: Attempt) => {
    asked.flows += 1;
    if (isAnswer(attempt)) asked.answered += 1;
    return attempt;
  };
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    asked.afterMs = toMicroseconds(performance.now() - startedAt);
    const attempt = await round(tell);
    const over = performance.now() >= endsAt;
    if (attempt.outcome === 'unobserved' || enough(attempt) || over) return { ...attempt, found: asked };
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return abortedAttempt(signal);
  }
}
