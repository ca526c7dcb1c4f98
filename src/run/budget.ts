import type { Probe, Settings } from '../model.ts';
import { RETRY_PAUSE_MS } from '../wire.ts';

/** For the agent's start, the stream's set-up and a busy machine. */
const SLACK_MS = 15_000;

/**
 * Milliseconds that a batch may take if every probe of it stays unanswered, and never more than what is
 * left of the run: a silent target must cost its time-out, a silent source no more than this.
 */
export function batchDeadlineMs(
  probes: readonly Probe[],
  settings: Pick<Settings, 'probe'>,
  leftMs: number,
): number {
  let busyMs = 0;
  let longestMs = 0;
  for (const probe of probes) {
    const spacing = probe.count * 250;
    const pauses = (RETRY_PAUSE_MS * probe.attempts * (probe.attempts - 1)) / 2;
    const worst = probe.attempts * (probe.timeoutMs + spacing) + pauses;
    busyMs += worst;
    longestMs = Math.max(longestMs, worst);
  }
  const paced = (1000 * probes.length) / settings.probe.pace;
  const worstMs = busyMs / settings.probe.concurrency + longestMs + paced + SLACK_MS;
  return Math.max(1, Math.min(Math.ceil(worstMs), leftMs));
}
