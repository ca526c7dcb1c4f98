// Our own NetworkPolicy, which denies all ingress to the peer pods for the round `enforced`.
import type { Attempt, Case, Endpoint, Probe, Round, Settings, Target, Topology } from '../../model.ts';
import { tcp } from '../tcp.ts';
import { udp } from '../udp.ts';
import { aimOf } from './aim.ts';
import { caseOf } from './case.ts';
import type { Aim, Look, ProbeContext, Ruling } from './check.ts';
import { DATAGRAM_BYTES, requestLine } from './greeting.ts';
import { isAnswer, knock } from './knock.ts';
import { expandPairs } from './pairs.ts';
import { type Asked, untilReached, untilSilent } from './until.ts';

/** What one probe is there for; each phase is sent in the round of its name. */
const PHASES = ['before', 'enforced', 'lifted'] as const;
const PROTOCOLS = ['tcp', 'udp'] as const;

type Phase = (typeof PHASES)[number];

const ROUND_OF = { before: 'main', enforced: 'enforced', lifted: 'lifted' } as const satisfies Record<
  Phase,
  Round
>;

export interface OwnAsk {
  kind: 'own';
  phase: Phase;
  protocol: (typeof PROTOCOLS)[number];
  /** How long one flow may take, and how long after the round's begin a change is waited for. */
  eachMs: number;
  windowMs: number;
}

/** For each ordered pair of Nodes, family and protocol: before, enforced, lifted. 6 × F × N² cases. */
export function expandOwn(topology: Topology, settings: Settings): Case[] {
  if (!settings.policy.own) return [];
  const skip = settings.agents.peer
    ? undefined
    : 'no second pod on the node (agents.peer): there is nothing that a policy of ours could select';
  return expandPairs('policy', topology, settings, ['pod-to-pod']).flatMap(({ id, skip: _, ...pair }) =>
    PROTOCOLS.flatMap((protocol) =>
      PHASES.map((phase) =>
        caseOf({
          ...pair,
          target: { ...pair.target, name: targetName(pair.target, protocol, phase) },
          about: { protocol, phase },
          ...(phase === 'enforced' ? { expect: 'blocked' } : {}),
          skip,
        }),
      ),
    ),
  );
}

function targetName({ node }: Target, protocol: string, phase: Phase): string {
  return `${node} ${protocol} ${phase}`;
}

export function aimOwn(entry: Case, topology: Topology, { agents, policy, probe }: Settings): Aim {
  const { phase, protocol } = aboutOf(entry);
  const count = protocol === 'udp' ? probe.datagrams : 1;
  const aim = aimOf(entry, topology, { port: agents.ports[protocol], count, identified: true, role: 'peer' });
  if (aim.kind !== 'probe') return aim;
  const ask: OwnAsk = { kind: 'own', phase, protocol, eachMs: probe.timeoutMs, windowMs: policy.settleMs };
  if (phase === 'before') return { ...aim, ask };
  const timeoutMs = policy.settleMs + (phase === 'enforced' ? 2 : 1) * probe.timeoutMs;
  // What is asked until it is silent has been asked more than once.
  const attempts = phase === 'enforced' ? { attempts: 1 } : {};
  return { ...aim, ask, round: ROUND_OF[phase], timeoutMs, ...attempts };
}

export function attemptOwn(probe: Probe, ask: OwnAsk, context: ProbeContext): Promise<Attempt> {
  const { phase, protocol, eachMs, windowMs } = ask;
  const { signal, roundStartedAt: startedAt, token, nonce } = context;
  const window = { startedAt, endsAt: startedAt + windowMs, signal };
  if (phase === 'enforced') {
    const { address, port } = probe;
    const look = () => {
      const payload = Buffer.from(requestLine(token, nonce()).padEnd(DATAGRAM_BYTES), 'latin1');
      return knock({ address, port, protocol }, eachMs, signal, payload);
    };
    return untilSilent(look, window);
  }
  const check = protocol === 'tcp' ? tcp : udp;
  const look = () => check.attempt({ ...probe, timeoutMs: eachMs }, context);
  return phase === 'before' ? look() : untilReached(look, window);
}

/** An answer while the policy is in place fails; silence passes only if the same pod answered before and after. */
export function judgeOwn(entry: Case, last: Attempt | undefined, look: Look): Ruling {
  if (last === undefined) return { verdict: 'errored', reason: 'not-run' };
  const { phase, protocol } = aboutOf(entry);
  if (phase !== 'enforced') {
    if (isProven(entry, last, look)) return { verdict: 'passed', reason: 'proof' };
    return { verdict: 'failed', ...silentPeer(entry, last, phase) };
  }
  if (isAnswer(last)) {
    const { answered = 0, flows = 0, afterMs = 0 } = (last.found ?? {}) as Partial<Asked>;
    const when = `${seconds(afterMs)} after our NetworkPolicy denied it (${answered} of ${flows} flows answered)`;
    const sentence = `${peerOf(entry.target)} still answers ${podOf(entry.source)} over ${protocol}, ${when}`;
    return { verdict: 'failed', reason: 'not-blocked', sentence };
  }
  const missing = (['before', 'lifted'] as const).filter((other) => {
    const witness = siblingOf(entry, other);
    const seen = look.seen(witness.id);
    return seen === undefined || !isProven(witness, seen, look);
  });
  if (missing.length > 0) {
    const when = missing
      .map((other) => (other === 'before' ? 'before the policy' : 'after it'))
      .join(' and ');
    const sentence = `${peerOf(entry.target)} is silent (${last.outcome}), but it did not answer ${when} either: nothing shows that the policy blocks it`;
    return { verdict: 'errored', reason: 'no-witness', sentence };
  }
  const { afterMs = 0 } = (last.found ?? {}) as Partial<Asked>;
  const sentence = `${peerOf(entry.target)} is silent (${last.outcome}) ${seconds(afterMs)} after our NetworkPolicy was made; it answered before and afterwards`;
  return { verdict: 'passed', reason: 'proof', sentence };
}

function silentPeer(entry: Case, last: Attempt, phase: Exclude<Phase, 'enforced'>): Omit<Ruling, 'verdict'> {
  const reason =
    last.outcome === 'reached' || last.outcome === 'unobserved' ? 'wrong-responder' : last.outcome;
  const { afterMs = 0 } = (last.found ?? {}) as Partial<Asked>;
  const when =
    phase === 'before'
      ? 'before any policy of ours was made'
      : `${seconds(afterMs)} after our NetworkPolicy was removed`;
  const detail = last.detail === undefined ? '' : `: ${last.detail}`;
  const sentence = `${peerOf(entry.target)} does not answer ${podOf(entry.source)} over ${aboutOf(entry).protocol}, ${when} (${reason}${detail})`;
  return { reason, sentence };
}

/** The pod that was meant answered. */
function isProven(entry: Case, seen: Attempt, { topology, settings }: Look): boolean {
  const aim = aimOwn(entry, topology, settings);
  const { outcome, responder } = seen;
  return (
    aim.kind === 'probe' &&
    outcome === 'reached' &&
    responder !== undefined &&
    aim.expect.includes(responder.uid)
  );
}

function siblingOf({ id: _, ...entry }: Case, phase: Phase): Case {
  const { protocol } = aboutOf(entry);
  const target = { ...entry.target, name: targetName(entry.target, protocol, phase) };
  return caseOf({ ...entry, target, about: { protocol, phase } });
}

function aboutOf({ about }: Pick<Case, 'about'>): Pick<OwnAsk, 'phase' | 'protocol'> {
  return { phase: about?.phase as Phase, protocol: about?.protocol as OwnAsk['protocol'] };
}

function peerOf({ node }: Target): string {
  return `the second pod on ${node}`;
}

function podOf({ node }: Endpoint): string {
  return `the agent pod on ${node}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
