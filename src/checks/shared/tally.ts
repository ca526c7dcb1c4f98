import type { Attempt } from '../../model.ts';
import { attemptOfAnswer, strayAnswer } from './answer.ts';
import { parseReply } from './greeting.ts';
import { attemptOfLoss } from './loss.ts';

/** What one attempt with several datagrams has seen so far. Times are `performance.now()` milliseconds. */
export interface Tally {
  asked(nonce: string, at: number): void;
  heard(text: string, at: number): void;
  failed(attempt: Attempt): void;
  /** Waiting longer cannot change the result. */
  settled(): boolean;
  result(): Attempt;
}

export function tally(count: number, expect: readonly string[], maxLossPercent: number): Tally {
  const askedAt = new Map<string, number>();
  const answers = new Map<string, { attempt: Attempt; rttMs: number }>();
  let wrong: Attempt | undefined;
  let fault: Attempt | undefined;
  let stray: Attempt | undefined;

  const counts = () => ({ sent: askedAt.size, received: answers.size });
  return {
    asked: (nonce, at) => {
      askedAt.set(nonce, at);
    },
    heard: (text, at) => {
      const nonce = parseReply(text)?.nonce ?? '';
      const asked = askedAt.get(nonce);
      if (asked === undefined) {
        stray ??= strayAnswer(text);
        return;
      }
      const attempt = attemptOfAnswer(text, nonce, expect);
      if (attempt.outcome === 'wrong-responder') wrong ??= attempt;
      // A datagram that the network doubled is one answer, not two.
      if (!answers.has(nonce)) answers.set(nonce, { attempt, rttMs: at - asked });
    },
    failed: (attempt) => {
      fault ??= attempt;
    },
    settled: () =>
      wrong !== undefined ||
      answers.size === count ||
      (fault !== undefined && (answers.size === 0 || fault.outcome === 'unobserved')),
    result: () => {
      if (wrong) return { ...wrong, ...counts() };
      if (fault?.outcome === 'unobserved') return { ...fault, ...counts() };
      const trouble = fault ?? stray;
      if (trouble && answers.size === 0) return { ...trouble, ...counts() };
      const [first] = answers.values();
      const rttsMs = Array.from(answers.values(), (answer) => answer.rttMs);
      const detail = trouble?.detail;
      return {
        ...first?.attempt,
        ...attemptOfLoss({ ...counts(), rttsMs }, maxLossPercent),
        ...(detail !== undefined && { detail }),
      };
    },
  };
}
