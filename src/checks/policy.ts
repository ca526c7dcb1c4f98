import type { Attempt, Case, PathName, Probe, Settings, Topology } from '../model.ts';
import type { Aim, Check, ControlAim, Look, ProbeContext, Ruling, WitnessRole } from './shared/check.ts';
import { type Doors, knockAtAll } from './shared/doors.ts';
import { aimListed, expandListed, judgeListed } from './shared/policy-listed.ts';
import { aimOwn, attemptOwn, expandOwn, judgeOwn, type OwnAsk } from './shared/policy-own.ts';

const paths: readonly PathName[] = [
  'pod-to-pod',
  'pod-to-service',
  'node-to-service',
  'pod-to-external',
  'node-to-external',
];

/** Between the plan and the attempt: which half of the check it is. */
export type PolicyAsk = OwnAsk | ({ kind: 'doors' } & Doors) | { kind: 'control' };

export const policy = {
  name: 'policy',
  title: 'what must be blocked, with proof that it answers elsewhere',
  proof:
    'own policy: the very pod answered before and after it, and nothing did meanwhile; listed targets: each address ' +
    'was silent here and answered somebody else, before and after',
  runs: 'where policy.own is on (it changes the cluster for some seconds) or policy.blocked lists targets',
  paths,
  expand: (topology: Topology, settings: Settings): Case[] => [
    ...expandOwn(topology, settings),
    ...expandListed(topology, settings),
  ],
  aim: (entry: Case, topology: Topology, settings: Settings): Aim =>
    isOwn(entry) ? aimOwn(entry, topology, settings) : aimListed(entry, topology, settings),
  controls: ({ agents }: Settings): ControlAim[] => {
    const ask = { kind: 'control' } satisfies PolicyAsk;
    return [
      { kind: 'closed-port', port: agents.ports.closed, count: 1, ask },
      { kind: 'silent-address', port: agents.ports.tcp, count: 1, ask },
    ];
  },
  attempt,
  judge: (entry: Case, last: Attempt | undefined, look: Look): Ruling =>
    isOwn(entry) ? judgeOwn(entry, last, look) : judgeListed(entry, last, look),
  witness,
} as const satisfies Check;

function attempt(probe: Probe, context: ProbeContext): Promise<Attempt> {
  const ask = probe.ask as PolicyAsk;
  if (ask.kind === 'own') return attemptOwn(probe, ask, context);
  if (ask.kind === 'doors') return knockAtAll(ask, context);
  const { address, port, timeoutMs: eachMs } = probe;
  const doors = (['tcp', 'udp'] as const).map((protocol) => ({ address, port, protocol }));
  return knockAtAll({ doors, reached: 'any', eachMs, payload: '' }, context);
}

/** What is silent needs somebody whom the same pod or target answered. */
function witness(entry: Case): WitnessRole {
  const { source, target, family, about } = entry;
  const key = isOwn(entry)
    ? [source.node, target.node, family, about?.protocol].join(' ')
    : `target ${about?.target}`;
  return entry.expect === 'blocked' ? { needs: key } : { gives: key };
}

function isOwn({ about }: Case): boolean {
  return about?.target === undefined;
}
