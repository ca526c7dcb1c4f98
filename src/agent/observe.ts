import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { checkNamed } from '../checks/registry.ts';
import type { ProbeContext } from '../checks/shared/check.ts';
import { abortedAttempt, since } from '../checks/shared/exchange.ts';
import { MARK_CHARS } from '../checks/shared/greeting.ts';
import { messageOf } from '../errors.ts';
import type { Attempt, Observation, Probe } from '../model.ts';
import { RETRY_PAUSE_MS } from '../wire.ts';
import { pause } from './pace.ts';

/**
 * All attempts of one probe, until one reaches its target. Never throws, and ends soon after an abort. Each attempt waits
 * longer than the one before it: the target's own Node may be so busy that its answers are late, and late is not lost.
 */
export async function observe(
  probe: Probe,
  context: Omit<ProbeContext, 'nonce' | 'paced'>,
  paced: () => Promise<void>,
): Promise<Observation> {
  const attempts: Attempt[] = [];
  let startedAt: number | undefined;
  while (attempts.length < probe.attempts) {
    if (attempts.length > 0) await pause(RETRY_PAUSE_MS * attempts.length, context.signal);
    await paced();
    startedAt ??= performance.now();
    const nonces = noncesOfOne();
    const patient = { ...probe, timeoutMs: probe.timeoutMs * (attempts.length + 1) };
    const attempt = await attemptOnce(patient, { ...context, nonce: nonces.next, paced });
    const mark = wasUnanswered(attempt) ? nonces.mark() : undefined;
    attempts.push(mark === undefined ? attempt : { ...attempt, mark });
    if (attempt.outcome === 'reached' || context.signal.aborted) break;
  }
  const { address, port } = probe;
  return {
    case: probe.case,
    attempts,
    ...(address === '' ? {} : { aimedAt: aimedAt(address, port) }),
    tookMs: since(startedAt ?? performance.now()),
  };
}

async function attemptOnce(probe: Probe, context: ProbeContext): Promise<Attempt> {
  const { signal } = context;
  if (signal.aborted) return abortedAttempt(signal);
  const check = checkNamed(probe.check);
  if (!check) return localFault(`this agent has no check "${probe.check}"`);
  let onAbort = () => {};
  // A check that overlooks the abort must not hold up the end of the batch.
  const aborted = new Promise<Attempt>((resolve) => {
    onAbort = () => resolve(abortedAttempt(signal));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([check.attempt(probe, context), aborted]);
  } catch (error) {
    return { outcome: 'unobserved', cause: 'probe-crashed', detail: messageOf(error) };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function localFault(detail: string): Attempt {
  return { outcome: 'unobserved', cause: 'local-fault', detail };
}

function aimedAt(address: string, port: number): string {
  if (port === 0) return address;
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Nothing came back of what was sent, if something was: then its target may know more. */
function wasUnanswered({ outcome, received = 0 }: Attempt): boolean {
  return (outcome === 'timed-out' || outcome === 'reset') && received === 0;
}

/** Nonces that begin alike: a responder then knows one attempt by one mark, however many requests it makes. */
function noncesOfOne(): { next(): string; mark(): string | undefined } {
  let mark: string | undefined;
  return {
    next() {
      mark ??= randomHex(MARK_CHARS);
      return mark + randomHex(MARK_CHARS);
    },
    mark: () => mark,
  };
}

function randomHex(digits: number): string {
  return randomBytes(digits / 2).toString('hex');
}
