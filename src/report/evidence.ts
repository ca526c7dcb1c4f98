import type { Arrival, Attempt, CaseVerdict, Measured } from '../model.ts';
import { legible } from './legible.ts';

/**
 * What a verdict rests on, one fact per line: where the probe went, each attempt in order, and what a pass
 * of this check is worth (`proof`). Printable lines, none of them empty.
 */
export function evidenceLines(verdict: CaseVerdict, proof: string | undefined): string[] {
  const { attempts, aimedAt, flaky, arrival } = verdict;
  return [
    ...(aimedAt === undefined ? [] : [`aimed at ${legible(aimedAt)}`]),
    ...(flaky ? ['flaky: passed, but not at the first attempt or not without loss'] : []),
    ...attempts.map(
      (attempt, index) => `attempt ${index + 1} of ${attempts.length}: ${attemptText(attempt)}`,
    ),
    ...(arrival === undefined ? [] : [ARRIVALS[arrival]]),
    ...(proof === undefined ? [] : [`what a pass is worth: ${legible(proof)}`]),
  ];
}

/** Which way the loss was, by the target's own word. */
export const ARRIVALS: Readonly<Record<Arrival, string>> = {
  none: 'the request never arrived',
  some: 'the request arrived: the answer was lost',
};

/** What was measured, one figure each. */
function measuredTexts({ rttMs, lossPercent, pathMtu, tookMs }: Measured): string[] {
  return [
    ...(rttMs === undefined
      ? []
      : [
          `rtt min ${rttMs.min.toFixed(2)}, p50 ${rttMs.p50.toFixed(2)}, p95 ${rttMs.p95.toFixed(2)}, max ${rttMs.max.toFixed(2)} ms`,
        ]),
    ...(lossPercent === undefined ? [] : [`${Math.round(lossPercent * 10) / 10} % lost`]),
    ...(pathMtu === undefined ? [] : [`path MTU ${pathMtu} bytes`]),
    ...(tookMs === undefined ? [] : [`took ${tookMs.toFixed(2)} ms`]),
  ];
}

/** One attempt on one line: outcome, cause, rtt, responder, source address seen, packets, detail. */
export function attemptText(attempt: Attempt): string {
  const { outcome, cause, rttMs, responder, seen, sent, received, responders, measured, detail } = attempt;
  return [
    cause === undefined ? outcome : `${outcome} (${cause})`,
    ...(rttMs === undefined ? [] : [`rtt ${rttMs.toFixed(3)} ms`]),
    ...(responder === undefined
      ? []
      : [
          `answered by pod ${legible(responder.pod)} (${legible(responder.uid)}) on ${legible(responder.node)}`,
        ]),
    ...(seen === undefined ? [] : [`saw source ${legible(seen)}`]),
    ...(sent === undefined ? [] : [`${received ?? 0} of ${sent} packets answered`]),
    ...(responders === undefined
      ? []
      : [
          `answered by ${responders.map(({ pod, node }) => `${legible(pod)} on ${legible(node)}`).join(', ')}`,
        ]),
    ...(measured === undefined ? [] : measuredTexts(measured)),
    ...(detail === undefined || detail === '' ? [] : [legible(detail)]),
  ].join(', ');
}
