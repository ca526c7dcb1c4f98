import type { Batch, Probe, Settings } from '../model.ts';
import { RETRY_PAUSE_MS, ROUNDS } from '../wire.ts';

/** For the agent's start, the stream's set-up and a busy machine. */
const SLACK_MS = 15_000;

/**
 * Milliseconds that the batches of one wave may take if every probe stays unanswered, and never more than what is
 * left of the run: a silent target must cost its time-out, a silent source no more than this. Round by round, because
 * each waits for the slowest source of every one.
 */
export function waveDeadlineMs(
  batches: readonly Batch[],
  settings: Pick<Settings, 'probe' | 'services'>,
  leftMs: number,
): number {
  const { concurrency } = settings.probe;
  const worstMs = ROUNDS.reduce((sum, round) => {
    const probers = round === 'calm' ? calmConcurrency(concurrency) : concurrency;
    const lists = batches.flatMap(({ rounds }) => rounds.filter((one) => one.round === round));
    if (lists.length === 0) return sum;
    const waitMs = round === 'settled' ? settings.services.settleMs : 0;
    return sum + waitMs + Math.max(...lists.map(({ probes }) => worstRoundMs(probes, settings, probers)));
  }, SLACK_MS);
  return Math.max(1, Math.min(Math.ceil(worstMs), leftMs));
}

/** Above this a round trip measures the agent's own event loop (measured: p50 0.07 ms at 1, 4.9 ms at 64). */
export function calmConcurrency(concurrency: number): number {
  return Math.min(4, concurrency);
}

function worstRoundMs(
  probes: readonly Probe[],
  settings: Pick<Settings, 'probe'>,
  concurrency: number,
): number {
  let busyMs = 0;
  let longestMs = 0;
  for (const probe of probes) {
    const spacing = probe.count * 250;
    const pauses = (RETRY_PAUSE_MS * probe.attempts * (probe.attempts - 1)) / 2;
    // Where the probe has no address a name is looked up first, for as long.
    const stages = probe.address === '' ? 2 : 1;
    // The second attempt waits twice as long as the first, and so on.
    const waits = (probe.attempts * (probe.attempts + 1)) / 2;
    const worst = waits * stages * probe.timeoutMs + probe.attempts * spacing + pauses;
    busyMs += worst;
    longestMs = Math.max(longestMs, worst);
  }
  const paced = (1000 * probes.length) / settings.probe.pace;
  return busyMs / concurrency + longestMs + paced;
}
