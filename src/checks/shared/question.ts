import type { Attempt, HttpQuestion, Probe, Question, Settings } from '../../model.ts';
import type { ProbeContext } from './check.ts';
import { ping } from './ping.ts';
import type { Progress } from './progress.ts';
import { resolveName } from './resolve.ts';
import { askTcp, askUdp } from './text-exchange.ts';
import { askWeb } from './web-exchange.ts';

/** The `ask` of a probe whose target is not one of ours. */
export interface Asked {
  question: Question;
  /** A name that the agent has to look up; absent where the probe has an address. */
  lookUp?: string;
}

export function isWeb(question: Question): question is HttpQuestion {
  return question.protocol === 'http' || question.protocol === 'https';
}

/** Echo requests per attempt; of everything else one. */
export function countOf({ protocol }: Question, { echoRequests }: Settings['probe']): number {
  return protocol === 'icmp' ? echoRequests : 1;
}

/**
 * The `attempt` of a probe that carries an `Asked`. `reached` means the expected answer; what came instead
 * is a `wrong-answer`. `found` is a `Progress`: it says which address was used and how far it came.
 */
export async function attemptQuestion(probe: Probe, context: ProbeContext): Promise<Attempt> {
  const { question, lookUp } = probe.ask as Asked;
  if (lookUp === undefined) return ask(probe.address, question, probe, context);
  const { family = 'v4', timeoutMs } = probe;
  const resolved = await resolveName(lookUp, family, { timeoutMs, signal: context.signal });
  if ('attempt' in resolved) return resolved.attempt;
  const { address, resolveMs } = resolved;
  const attempt = await ask(address, question, probe, context);
  // The address is not in the plan: nobody could tell later which one it was.
  const detail = [`at ${address}`, attempt.detail].filter(Boolean).join(': ');
  return { ...attempt, detail, found: { ...(attempt.found as Progress), resolveMs } };
}

async function ask(
  address: string,
  question: Question,
  { count, timeoutMs }: Probe,
  { signal, maxLossPercent }: ProbeContext,
): Promise<Attempt> {
  const recipient = { address, timeoutMs, signal };
  if (isWeb(question)) return askWeb(recipient, question);
  if (question.protocol === 'tcp') return askTcp(recipient, question);
  if (question.protocol === 'udp') return askUdp(recipient, question);
  const attempt = await ping({ ...recipient, count, maxLossPercent });
  return { ...attempt, found: { step: 'answer', address } satisfies Progress };
}
