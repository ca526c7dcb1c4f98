import type { Attempt } from '../../model.ts';
import type { Ruling } from './check.ts';

/** That nobody is there, that nothing came back, or that something on the way said no. */
const SILENT: readonly string[] = ['timed-out', 'refused', 'unreachable', 'reset'];

/**
 * What must be blocked here. Silence passes only if the same target answered somebody else (`witness`, a clause for people);
 * any answer at all fails, the wrong one too.
 */
export function ruleOnBlocked(last: Attempt | undefined, witness: string | undefined): Ruling {
  if (last === undefined) return { verdict: 'errored', reason: 'no-reply' };
  const answered = last.responder !== undefined || (last.received ?? 0) > 0 || last.outcome === 'reached';
  if (answered || !SILENT.includes(last.outcome)) {
    const who =
      last.responder === undefined ? undefined : `by pod ${last.responder.pod} on ${last.responder.node}`;
    const own = last.outcome === 'prohibited' || last.outcome === 'unobserved';
    return own
      ? { verdict: 'failed', reason: 'prohibited', detail: last.detail }
      : { verdict: 'failed', reason: 'not-blocked', detail: who ?? last.detail };
  }
  if (witness === undefined) return { verdict: 'errored', reason: 'no-witness' };
  return {
    verdict: 'passed',
    reason: 'proof',
    sentence: `silent (${last.outcome}), as it must be: ${witness}`,
  };
}
