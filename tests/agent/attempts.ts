// One attempt of a check, in this process, against a stand-in.
import { randomBytes } from 'node:crypto';
import type { Check, ProbeContext } from '../../src/checks/shared/check.ts';
import type { Attempt, Probe } from '../../src/model.ts';
import { TOKEN } from './agent.ts';

export function attemptOf(check: Check, probe: Probe, more: Partial<ProbeContext> = {}): Promise<Attempt> {
  return check.attempt(probe, {
    signal: new AbortController().signal,
    token: TOKEN,
    maxLossPercent: 0,
    roundStartedAt: performance.now(),
    paced: async () => {},
    nonce: () => randomBytes(16).toString('hex'),
    ...more,
  });
}

/** What a responder of ours says; `who` is the pod's UID. */
export function replyOf(nonce: string, who = 'uid-a'): string {
  return `${JSON.stringify({ nonce, node: 'node-a', pod: 'netaccept-a1', uid: who, seen: '127.0.0.1' })}\n`;
}
