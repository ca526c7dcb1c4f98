import type { Agent } from '../../model.ts';

/**
 * How an agent was lost during the run, or undefined if it was there all the time (or nobody could look
 * again). Only what the API positively says counts: a node that fell silent makes its pods NotReady
 * without anything having happened to the agent, and that silence is the network's own fault.
 */
export function agentLoss(
  before: Agent | undefined,
  after: readonly Agent[] | undefined,
): string | undefined {
  if (before === undefined || after === undefined) return undefined;
  const now = after.find((agent) => agent.uid === before.uid);
  if (now === undefined) return `pod ${before.pod} was deleted during the run`;
  if (now.restarts > before.restarts) return `pod ${before.pod} restarted during the run`;
  if (now.terminating === true) return `pod ${before.pod} was being deleted during the run`;
  return undefined;
}
