import { agentLoss } from '../checks/shared/agent-loss.ts';
import type { Ruling } from '../checks/shared/check.ts';
import type { Agent, Arrival, Attempt, Case, CaseVerdict, Cause, Observation } from '../model.ts';
import { arrivalWords, sentenceFor } from './sentence.ts';

/** What a case is judged with, besides its own observation. */
export interface Evidence {
  /** Pod UIDs that may answer this case; empty where the protocol cannot say who answered (icmp). */
  expect: readonly string[];
  target: Agent | undefined;
  /** The agents as they were after the last probe; undefined when they could not be listed again. */
  after: readonly Agent[] | undefined;
  /** Why the source's batch did not complete, if it did not. */
  batchCause: Cause | undefined;
  batchDetail: string | undefined;
  /** The check's own judgement of what was observed; undefined where the default is enough. */
  own: ((last: Attempt | undefined) => Ruling) | undefined;
  /** Whether the requests of an attempt, by its mark, reached who was to answer; undefined where nobody knows. */
  arrivalOf: (mark: string) => Arrival | undefined;
  /** Nothing was sent for this case: its judge looks elsewhere. */
  derived: boolean;
  /** It was reported twice, and not the same: nobody knows which of the two is true. */
  disputed: boolean;
}

/**
 * The verdict of one case, by the verdict law: `passed` only on positive proof; `failed` only when the
 * source really tried and the target was there to answer; everything else is `errored`.
 */
export function judgeCase(
  entry: Case,
  observation: Observation | undefined,
  evidence: Evidence,
): CaseVerdict {
  const attempts = observation?.attempts ?? [];
  const { aimedAt, tookMs } = observation ?? {};
  const last = attempts.at(-1);
  const { verdict, reason, detail, sentence } = rule(entry, last, evidence);
  const rttMs = verdict === 'passed' ? last?.rttMs : undefined;
  const arrival =
    verdict === 'failed' && last?.mark !== undefined ? evidence.arrivalOf(last.mark) : undefined;
  const draft: CaseVerdict = {
    case: entry,
    verdict,
    reason,
    sentence: '',
    // What must be blocked is asked again on purpose: silence the second time too is no flake.
    flaky: verdict === 'passed' && entry.expect !== 'blocked' && (attempts.length > 1 || lostSome(last)),
    attempts,
    ...(aimedAt === undefined ? {} : { aimedAt }),
    ...(tookMs === undefined ? {} : { tookMs }),
    ...(rttMs === undefined ? {} : { rttMs }),
    ...(arrival === undefined ? {} : { arrival }),
    ...(last?.measured === undefined ? {} : { measured: last.measured }),
  };
  const said = sentence ?? sentenceFor(draft, evidence, detail);
  return { ...draft, sentence: said + arrivalWords(draft) };
}

const DISPUTED = 'two reports on it contradict each other';

type AnyRuling = Omit<Ruling, 'verdict'> & Pick<CaseVerdict, 'verdict'>;

function rule(entry: Case, last: Attempt | undefined, evidence: Evidence): AnyRuling {
  if (entry.skip !== undefined) return { verdict: 'skipped', reason: 'rule', detail: entry.skip };
  if (evidence.disputed) return { verdict: 'errored', reason: 'too-little', detail: DISPUTED };
  if (evidence.derived && evidence.own !== undefined) return evidence.own(undefined);
  if (last === undefined) {
    return { verdict: 'errored', reason: evidence.batchCause ?? 'no-reply', detail: evidence.batchDetail };
  }
  if (last.outcome === 'unobserved') {
    return { verdict: 'errored', reason: last.cause ?? 'no-reply', detail: last.detail };
  }
  const ruling =
    (last.outcome === 'no-address' ? undefined : evidence.own?.(last)) ?? ruleByDefault(last, evidence);
  if (ruling.verdict !== 'failed') return ruling;
  // A target that vanished or restarted under the probe says nothing about the way to it.
  const loss = last.outcome === 'no-address' ? undefined : agentLoss(evidence.target, evidence.after);
  return loss === undefined ? ruling : { verdict: 'errored', reason: 'target-gone', detail: loss };
}

function ruleByDefault(last: Attempt, evidence: Evidence): Ruling {
  if (last.outcome === 'unobserved') return { verdict: 'errored', reason: last.cause ?? 'no-reply' };
  if (last.outcome === 'reached' && isProof(last, evidence.expect)) {
    return { verdict: 'passed', reason: 'proof' };
  }
  // An agent that says `reached` without the proof is not believed.
  const reason = last.outcome === 'reached' ? 'wrong-responder' : last.outcome;
  return { verdict: 'failed', reason, detail: last.detail };
}

function isProof(attempt: Attempt, expect: readonly string[]): boolean {
  if (expect.length === 0) return (attempt.received ?? 0) > 0;
  return attempt.responder !== undefined && expect.includes(attempt.responder.uid);
}

function lostSome(attempt: Attempt | undefined): boolean {
  return attempt?.sent !== undefined && attempt.received !== undefined && attempt.received < attempt.sent;
}
