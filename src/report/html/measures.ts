import type { CaseVerdict } from '../../model.ts';
import { NONE } from './format.ts';

/** Round trip of the deciding attempt, microseconds: the median where it was measured, else the one exchange. */
export function rttOf({ measured, rttMs, attempts }: CaseVerdict): number {
  const ms = measured?.rttMs?.p50 ?? rttMs ?? attempts.at(-1)?.rttMs ?? measured?.tookMs;
  return ms === undefined ? NONE : Math.round(ms * 1000);
}

/** Lost packets of the deciding attempt, per mille. */
export function lossOf({ measured, attempts }: CaseVerdict): number {
  if (measured?.lossPercent !== undefined) return Math.round(measured.lossPercent * 10);
  const { sent, received } = attempts.at(-1) ?? {};
  if (sent === undefined || sent === 0) return NONE;
  return Math.round((1 - (received ?? 0) / sent) * 1000);
}

/** Bytes of the largest packet that passed. */
export function pathMtuOf({ measured }: CaseVerdict): number {
  return measured?.pathMtu ?? NONE;
}
