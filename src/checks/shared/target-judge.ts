import type { Attempt, Case, Question, TargetSettings } from '../../model.ts';
import type { Ruling } from './check.ts';
import type { Progress } from './progress.ts';
import { isWeb } from './question.ts';
import { targetOf } from './targets.ts';

/**
 * What the attempt of a case of `expandTargets` means: it passes only with the answer that was asked for, and
 * an agent that claims more than it shows is not believed.
 */
export function judgeTarget(
  entry: Case,
  last: Attempt | undefined,
  targets: readonly TargetSettings[],
): Ruling {
  if (last === undefined || last.outcome === 'unobserved') return { verdict: 'errored', reason: 'no-reply' };
  const { question } = targetOf(entry, targets);
  const { outcome, detail = '' } = last;
  const progress = (last.found ?? {}) as Partial<Progress>;
  const who = whoIs(entry, question, progress);
  if (outcome === 'reached') {
    if (isAnswer(last, progress, question)) {
      return { verdict: 'passed', reason: 'proof', sentence: `${who}: ${said(last)}` };
    }
    const sentence = `${who}: the agent says it was answered, without the answer`;
    return { verdict: 'failed', reason: 'wrong-answer', sentence };
  }
  if (progress.step === 'resolve') {
    const sentence = `${entry.target.name} cannot be asked: ${detail}${adviceOn(detail)}`;
    return { verdict: 'failed', reason: outcome, sentence };
  }
  const sentence = `${who} did not answer as it must: ${detail}`;
  return { verdict: 'failed', reason: outcome, ...(outcome === 'wrong-answer' ? { sentence } : { detail }) };
}

function isAnswer(last: Attempt, { step, status }: Partial<Progress>, question: Question): boolean {
  if (step !== 'answer' || (last.received ?? 0) === 0) return false;
  if (!isWeb(question)) return true;
  return status !== undefined && (question.status.length === 0 || question.status.includes(status));
}

/** `shop at node-2 (https at 172.29.0.12 port 443)`. */
function whoIs({ target }: Case, { protocol, port }: Question, { address }: Partial<Progress>): string {
  const at = address === undefined ? '' : ` at ${address}`;
  return `${target.name} (${protocol}${at}${port === 0 ? '' : ` port ${port}`})`;
}

function said({ detail, rttMs, sent = 0, received = 0 }: Attempt): string {
  const rtt = rttMs === undefined ? '' : ` in ${rttMs.toFixed(2)} ms`;
  const lost = received < sent ? `, ${sent - received} of ${sent} packets lost` : '';
  return `answered${detail === undefined ? '' : ` ${detail}`}${rtt}${lost}`;
}

/** A cluster with two families asks for both, and many a name has one. */
function adviceOn(detail: string): string {
  const family = /has no IPv([46]) address/.exec(detail)?.[1];
  if (family === undefined) return '';
  return ` (if it need not have one: families: [v${family === '4' ? 6 : 4}])`;
}
