import type { Settings } from '../../../model.ts';
import type { ProbeAim } from '../check.ts';

/** A lost SYN is sent again after 1 s (RFC 6298), and its answer needs its own time. */
const RETRANSMISSION_MS = 1000;

/**
 * All flows in one attempt, because a second one would hide that some do not get through. In exchange each has time to
 * have a lost packet sent again, twice: loss is no news about a Service's rules.
 */
export function oneAttempt({ probe }: Settings): Required<Pick<ProbeAim, 'attempts' | 'timeoutMs'>> {
  return { attempts: 1, timeoutMs: 2 * probe.timeoutMs + RETRANSMISSION_MS };
}
