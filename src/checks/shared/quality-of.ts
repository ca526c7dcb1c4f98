import type { Attempt, Measured } from '../../model.ts';
import { toMicroseconds } from './exchange.ts';
import type { Sample } from './source-ports.ts';

export interface Thresholds {
  maxLossPercent: number;
  /** 0: no limit. */
  maxRttP95Ms: number;
}

export interface QualityFound {
  ports: { port: number; sent: number; received: number }[];
  /** Source ports on which nothing comes back, though everything does on the others: seen twice. */
  dead: number[];
}

/** Flows that lost everything while the others lost nothing: chance, until asked again. */
export function suspects({ flows }: Sample): number[] {
  const silent = flows.flatMap((flow, index) => (flow.received === 0 ? [index] : []));
  const whole = flows.filter((flow) => flow.received === flow.sent);
  return silent.length > 0 && whole.length > 0 && silent.length + whole.length === flows.length ? silent : [];
}

/** What a sample is worth against the settings. `dead` are the ports that stayed silent when asked again. */
export function attemptOfSample(sample: Sample, dead: number[], thresholds: Thresholds): Attempt {
  const { flows, rttsMs, answer, fault } = sample;
  const sent = flows.reduce((sum, flow) => sum + flow.sent, 0);
  const received = rttsMs.length;
  const counts = { sent, received };
  const found: QualityFound = { ports: flows, dead };
  if (fault?.outcome === 'unobserved' || fault?.outcome === 'wrong-responder')
    return { ...fault, ...counts, found };
  const lossPercent = Math.round((1000 * (sent - received)) / sent) / 10;
  if (received === 0)
    return { ...(fault ?? { outcome: 'timed-out' }), ...counts, found, measured: { lossPercent } };
  const rttMs = percentiles(rttsMs);
  const { maxLossPercent, maxRttP95Ms } = thresholds;
  const isSlow = maxRttP95Ms > 0 && rttMs.p95 > maxRttP95Ms;
  return {
    ...answer,
    ...counts,
    found,
    outcome: dead.length > 0 || lossPercent > maxLossPercent ? 'lossy' : isSlow ? 'slow' : 'reached',
    rttMs: rttMs.p50,
    measured: { lossPercent, rttMs },
    ...(fault?.detail !== undefined && { detail: fault.detail }),
  };
}

/** By nearest rank: each is a round trip that really happened. */
function percentiles(rttsMs: readonly number[]): NonNullable<Measured['rttMs']> {
  const sorted = [...rttsMs].sort((a, b) => a - b);
  const at = (share: number) =>
    toMicroseconds(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { min: at(0), p50: at(0.5), p95: at(0.95), max: at(1) };
}
