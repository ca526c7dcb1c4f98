import type { Attempt, Probe } from '../../model.ts';
import type { ProbeContext } from './check.ts';
import { toMicroseconds } from './exchange.ts';
import { median } from './loss.ts';

/** What `Attempt.found` holds after several flows. */
export interface FlowsFound {
  /** Flows of which something is known: not those that a fault of the agent's own kept back. */
  flows: number;
  answered: number;
  /** Answered flows by the responder's UID. */
  by: Record<string, number>;
}

type Flow = (probe: Probe, context: ProbeContext) => Promise<Attempt>;

/**
 * `probe.count` flows, each from a socket of its own, so that a load balancer chooses anew for each. None waits for
 * another one's answer, but they start at the agent's pace: a burst of them would time out by its own load.
 */
export async function flowsAtOnce(flow: Flow, probe: Probe, context: ProbeContext): Promise<Attempt> {
  const started = Array.from({ length: probe.count }, async (_, index) => {
    if (index > 0) await context.paced();
    return flow(probe, context);
  });
  return attemptOfFlows(await Promise.all(started), probe.count);
}

/** The same, one after the other, up to the first that fails: an endpoint that is remembered must be known by then. */
export async function flowsInTurn(flow: Flow, probe: Probe, context: ProbeContext): Promise<Attempt> {
  const seen: Attempt[] = [];
  while (seen.length < probe.count && (seen.at(-1)?.outcome ?? 'reached') === 'reached') {
    if (seen.length > 0) await context.paced();
    seen.push(await flow(probe, context));
  }
  return attemptOfFlows(seen, probe.count);
}

/** All flows as one attempt: `reached` only if every one was; else what went wrong, and how often. */
function attemptOfFlows(flows: readonly Attempt[], wanted: number): Attempt {
  const known = flows.filter(({ outcome }) => outcome !== 'unobserved');
  const failed = known.filter(({ outcome }) => outcome !== 'reached');
  const answered = known.filter(({ responder }) => responder !== undefined);
  const bad = failed.length > 0 ? failed : flows.filter(({ outcome }) => outcome === 'unobserved');
  const decides = bad[0] ?? flows[0] ?? { outcome: 'unobserved', cause: 'not-run' };
  const { outcome, cause, responder = answered[0]?.responder, seen } = decides;
  const rttMs = median(answered.map((one) => one.rttMs ?? 0));
  const responders = answered.flatMap((one) => one.responder ?? []);
  const by = Map.groupBy(responders, ({ uid }) => uid);
  const found: FlowsFound = {
    flows: known.length,
    answered: answered.length,
    by: Object.fromEntries(Array.from(by, ([uid, all]) => [uid, all.length])),
  };
  return {
    outcome,
    ...(cause === undefined ? {} : { cause }),
    ...(rttMs === undefined ? {} : { rttMs: toMicroseconds(rttMs) }),
    ...(responder === undefined ? {} : { responder }),
    ...(seen === undefined ? {} : { seen }),
    sent: known.reduce((total, { sent = 1 }) => total + sent, 0),
    received: answered.length,
    responders: [...by.values()].flatMap(([first]) => first ?? []),
    found,
    ...(bad.length === 0 ? {} : { detail: told(bad, wanted) }),
  };
}

/** `2 of 10 flows: timed-out (connected, no answer); 1 of 10 flows: refused (ECONNREFUSED connect)` */
function told(failed: readonly Attempt[], wanted: number): string {
  const kinds = Map.groupBy(failed, ({ outcome, cause, detail }) => {
    const why = detail === undefined ? '' : ` (${detail})`;
    return `${cause ?? outcome}${why}`;
  });
  return [...kinds].map(([kind, flows]) => `${flows.length} of ${wanted} flows: ${kind}`).join('; ');
}
