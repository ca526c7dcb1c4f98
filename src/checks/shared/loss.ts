import type { Attempt } from '../../model.ts';
import { toMicroseconds } from './exchange.ts';

export interface Exchanges {
  sent: number;
  received: number;
  /** Round trips of the answered ones, milliseconds, in any order. */
  rttsMs: readonly number[];
}

/** What several packets prove: all or enough of them answered, some, or none. */
export function attemptOfLoss({ sent, received, rttsMs }: Exchanges, maxLossPercent: number): Attempt {
  if (received === 0) return { outcome: 'timed-out', sent, received };
  const lossPercent = (100 * (sent - received)) / sent;
  const rttMs = median(rttsMs);
  return {
    outcome: lossPercent <= maxLossPercent ? 'reached' : 'lossy',
    sent,
    received,
    ...(rttMs !== undefined && { rttMs: toMicroseconds(rttMs) }),
  };
}

export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
