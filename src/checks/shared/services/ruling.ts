import type { Attempt, Case, ClusterService, Identity } from '../../../model.ts';
import { agentLoss } from '../agent-loss.ts';
import type { Look, Ruling } from '../check.ts';
import { endpointText, familyOf, fullName, readyEndpoints } from './part.ts';

/**
 * Who answered must be a ready endpoint of the Service, in every flow. Where that is not so and an endpoint was
 * lost during the run, nobody can tell whose fault it is.
 */
export function ruleByEndpoint(
  entry: Case,
  last: Attempt | undefined,
  service: ClusterService,
  look: Look,
): Ruling {
  const endpoints = readyEndpoints(service, familyOf(entry));
  const uids = new Set(endpoints.map(({ uid }) => uid));
  const answered = respondersOf(last);
  const foreign = answered.find(({ uid }) => !uids.has(uid));
  if (last?.outcome === 'reached' && answered.length > 0 && foreign === undefined) {
    return { verdict: 'passed', reason: 'proof' };
  }
  return unlessLost(rulingOf(last, foreign, service), service, look);
}

export function respondersOf(attempt: Attempt | undefined): readonly Identity[] {
  return attempt?.responders ?? (attempt?.responder === undefined ? [] : [attempt.responder]);
}

export function podText({ pod, node }: Identity): string {
  return `pod ${pod} on ${node}`;
}

/** A failure stands only if every endpoint lived through the run. */
export function unlessLost(
  ruling: Ruling,
  service: ClusterService,
  { topology, agentsAfter, once }: Look,
): Ruling {
  if (ruling.verdict !== 'failed') return ruling;
  const losses = once(`services/lost ${service.role} ${fullName(service)}`, () => {
    const uids = new Set(service.endpoints.filter(({ ready }) => ready).map(({ uid }) => uid));
    const agents = topology.agents.filter(({ uid }) => uids.has(uid));
    return agents.flatMap((agent) => agentLoss(agent, agentsAfter) ?? []);
  });
  const [loss] = losses;
  if (loss === undefined) return ruling;
  const sentence = `an endpoint of ${fullName(service)} did not live through the run (${loss})`;
  return { verdict: 'errored', reason: 'target-gone', sentence };
}

function rulingOf(last: Attempt | undefined, foreign: Identity | undefined, service: ClusterService): Ruling {
  if (last === undefined || last.outcome === 'unobserved') return { verdict: 'errored', reason: 'no-reply' };
  if (foreign !== undefined) {
    const sentence = `answered by ${podText(foreign)}, which is no ready endpoint of ${fullName(service)}`;
    return { verdict: 'failed', reason: 'wrong-responder', sentence };
  }
  // An agent that says `reached` without saying by whom is not believed.
  if (last.outcome === 'reached') {
    return { verdict: 'failed', reason: 'wrong-answer', detail: last.detail };
  }
  return { verdict: 'failed', reason: last.outcome, detail: last.detail };
}

/** `pod a on node-1, pod b on node-2` */
export function endpointsText(endpoints: readonly Parameters<typeof endpointText>[0][]): string {
  return endpoints.map(endpointText).join(', ');
}
