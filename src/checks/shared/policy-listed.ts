// Targets of the user's that must be blocked, and the controls that show that they answer at all.
import { isIP } from 'node:net';
import type {
  Attempt,
  BlockedTarget,
  Case,
  Family,
  Network,
  PathName,
  PolicySettings,
  Settings,
  Topology,
} from '../../model.ts';
import { sourceOf } from './aim.ts';
import { caseOf, skipFrom } from './case.ts';
import type { Aim, Look, Ruling } from './check.ts';
import { type Doors, doorName, KNOCKS_AT_ONCE, type Knock } from './doors.ts';
import { type Door, isAnswer } from './knock.ts';
import { endpointsOf, serviceOf } from './policy-service.ts';

type Phase = 'blocked' | 'before' | 'after';

/** A few bytes that mean nothing to anybody. */
const NO_PAYLOAD = Buffer.from('netaccept\n').toString('hex');

/** Per target and family: one case for each Node that must be blocked, two for each Node that must be answered. */
export function expandListed(topology: Topology, settings: Settings): Case[] {
  const skip = skipFrom('host', settings);
  return settings.policy.blocked.flatMap((target) =>
    familiesOf(target, topology).flatMap((family) => {
      const witnesses = witnessesOf(target, family, topology);
      const build = (node: string, phase: Phase) =>
        caseFor(target, family, node, phase, topology.cluster, skip);
      return [
        ...keptOutOf(target, family, topology).map((name) => build(name, 'blocked')),
        ...witnesses.flatMap((name) => [build(name, 'before'), build(name, 'after')]),
      ];
    }),
  );
}

function caseFor(
  { name, target, from }: BlockedTarget,
  family: Family | undefined,
  node: string,
  phase: Phase,
  cluster: string,
  skip: string | undefined,
): Case {
  const other = from === 'pod' ? 'node' : 'pod';
  const start = phase === 'blocked' ? from : other;
  const network: Network = start === 'pod' ? 'pod' : 'host';
  const path: PathName = `${start}-to-${'service' in target ? 'service' : 'external'}`;
  return caseOf({
    check: 'policy',
    path,
    ...(family === undefined ? {} : { family }),
    source: { cluster, node, network },
    target: { cluster, name: `${name} ${phase}` },
    about: { target: name, phase },
    ...(phase === 'blocked' ? { expect: 'blocked' } : {}),
    skip,
  });
}

export function aimListed(entry: Case, topology: Topology, settings: Settings): Aim {
  const target = targetOf(entry, settings.policy);
  const source = sourceOf(entry, topology);
  if ('unsent' in source) return source.unsent;
  const isWitness = entry.about?.phase !== 'blocked';
  const { doors, name } = whereTo(target, entry, topology);
  const [first] = doors;
  // Nothing to ask: the judge says what is missing.
  if (first === undefined && name === undefined) return { kind: 'derived' };
  const eachMs = settings.probe.timeoutMs;
  const ask: { kind: 'doors' } & Doors = {
    kind: 'doors',
    doors,
    ...(name === undefined ? {} : { name }),
    reached: isWitness ? 'all' : 'any',
    eachMs,
    payload: target.payload === '' ? NO_PAYLOAD : target.payload,
  };
  return {
    kind: 'probe',
    address: first?.address ?? '',
    port: target.target.port,
    expect: [],
    count: 1,
    ask,
    // A name is resolved first, and may have more addresses than one.
    timeoutMs: eachMs * (name === undefined ? Math.ceil(doors.length / KNOCKS_AT_ONCE) : 3),
    ...(entry.about?.phase === 'after' ? { round: 'lifted' } : {}),
  };
}

/** Blocked passes if no address answered, and each one answered a control before and another after. */
export function judgeListed(entry: Case, last: Attempt | undefined, look: Look): Ruling {
  const target = targetOf(entry, look.settings.policy);
  const who = `${entry.source.network === 'pod' ? 'the agent pod on' : 'node'} ${entry.source.node}`;
  if (last === undefined)
    return { verdict: 'errored', reason: 'no-witness', sentence: nothingThere(target, look) };
  const knocks = (last.found ?? []) as Knock[];
  const answered = knocks.filter(isAnswer);
  if (entry.about?.phase !== 'blocked') {
    const silent = knocks.filter((one) => !isAnswer(one));
    if (last.outcome === 'reached' && silent.length === 0 && answered.length > 0) {
      return {
        verdict: 'passed',
        reason: 'proof',
        sentence: `${target.name} answers ${who} at ${list(answered)}`,
      };
    }
    const sentence = `${target.name} does not answer ${who} at ${list(silent)}, as it must somewhere: nothing shows that it lives (policy.blocked: answersOn names the Node where it answers)`;
    return { verdict: 'errored', reason: 'no-witness', sentence };
  }
  if (answered.length > 0) {
    const sentence = `${target.name} answered ${who} at ${list(answered)}, though it must be blocked`;
    return { verdict: 'failed', reason: 'not-blocked', sentence };
  }
  const front = frontOf(target, entry.family, look.topology);
  const asked = knocks.filter(({ at }) => front === undefined || at !== doorName(front));
  const living = livingIn(look, target.name);
  const dead = asked.filter(({ at }) => !(living.before.has(at) && living.after.has(at)));
  if (asked.length === 0 || dead.length > 0) {
    const when = dead.some(({ at }) => !living.before.has(at)) ? 'before' : 'afterwards';
    const sentence = `${target.name} is silent at ${list(dead)}, but no control was answered there ${when}: it may be dead, not blocked`;
    return { verdict: 'errored', reason: 'no-witness', sentence };
  }
  const sentence = `${target.name} is silent to ${who} at ${list(knocks)}; controls were answered before and afterwards`;
  return { verdict: 'passed', reason: 'proof', sentence };
}

/** Addresses that answered a control of this target, in any Node, family and attempt that decided. */
function livingIn(look: Look, name: string): Record<'before' | 'after', Set<string>> {
  return look.once(`policy ${name}`, () => {
    const living = { before: new Set<string>(), after: new Set<string>() };
    for (const { id, check, about } of look.cases) {
      if (check !== 'policy' || about?.target !== name) continue;
      if (about.phase !== 'before' && about.phase !== 'after') continue;
      const knocks = (look.seen(id)?.found ?? []) as Knock[];
      for (const one of knocks) if (isAnswer(one)) living[about.phase].add(one.at);
    }
    return living;
  });
}

/** A name is resolved by each source itself: its case has no family. */
function familiesOf({ target }: BlockedTarget, topology: Topology): (Family | undefined)[] {
  if ('service' in target) return serviceOf(target, topology)?.families ?? topology.families;
  const version = isIP(target.host);
  return [version === 0 ? undefined : version === 6 ? 'v6' : 'v4'];
}

/** A Node always reaches its own pods, its kubelet has to: then there is nothing to claim about it. */
function keptOutOf(listed: BlockedTarget, family: Family | undefined, topology: Topology): string[] {
  const names = topology.nodes.map(({ name }) => name);
  const endpoints = endpointsOf(listed, family, topology);
  if (listed.from === 'pod' || endpoints.length === 0) return names;
  return names.filter((name) => endpoints.some(({ node }) => node !== name));
}

/**
 * Nodes on which a control is asked. The Node of an endpoint
 * is the one place from which a Service's pods must answer whatever the policy; beyond the cluster, a pod's own Node
 * differs from it in nothing but who asks.
 */
function witnessesOf(listed: BlockedTarget, family: Family | undefined, topology: Topology): string[] {
  if (listed.answersOn !== '') return [listed.answersOn];
  const names = topology.nodes.map(({ name }) => name);
  if (!('service' in listed.target)) return names;
  const at = new Set(endpointsOf(listed, family, topology).map(({ node }) => node));
  return names.filter((name) => at.has(name));
}

function whereTo(
  listed: BlockedTarget,
  { about, family, source }: Case,
  topology: Topology,
): Pick<Doors, 'doors' | 'name'> {
  const { target, protocol, from, answersOn } = listed;
  if (!('service' in target)) {
    const { host, port } = target;
    if (isIP(host) !== 0) return { doors: [{ address: host, port, protocol }] };
    return { doors: [], name: { host, port, protocol, families: topology.families } };
  }
  const endpoints = endpointsOf(listed, family, topology);
  const isWitness = about?.phase !== 'blocked';
  const chosen = endpoints.filter(({ node }) => {
    if (isWitness) return answersOn !== '' || node === source.node;
    return from === 'pod' || node !== source.node;
  });
  // Where an endpoint is left out, the virtual address may lead to it.
  const front = isWitness || chosen.length < endpoints.length ? undefined : frontOf(listed, family, topology);
  const doors = chosen.map(({ address, port }): Door => ({ address, port, protocol }));
  // A virtual address without endpoints answers nobody: nothing could be learnt from it.
  return { doors: front === undefined || chosen.length === 0 ? doors : [front, ...doors] };
}

/** The ClusterIP: an answer there is one, and silence there says no more than that of its endpoints. */
function frontOf(
  { target, protocol }: BlockedTarget,
  family: Family | undefined,
  topology: Topology,
): Door | undefined {
  if (!('service' in target) || family === undefined) return undefined;
  const address = serviceOf(target, topology)?.clusterIPs[family];
  return address === undefined ? undefined : { address, port: target.port, protocol };
}

function nothingThere({ name, target, protocol }: BlockedTarget, { topology }: Look): string {
  if (!('service' in target)) return `${name} has no address`;
  const { namespace, service, port } = target;
  const known = serviceOf(target, topology) !== undefined;
  const what = known ? `no ready endpoint for ${protocol} port ${port}` : 'no such Service';
  return `${name} (${namespace}/${service}:${port}): ${what}, so nothing shows that it would be blocked`;
}

function targetOf({ id, about }: Case, { blocked }: PolicySettings): BlockedTarget {
  const found = blocked.find(({ name }) => name === about?.target);
  if (found === undefined) throw new Error(`${id}: policy.blocked does not list it`);
  return found;
}

function list(knocks: readonly Knock[]): string {
  const shown = knocks.slice(0, 4).map(({ at, outcome }) => `${at} (${outcome})`);
  const more = knocks.length > 4 ? ` and ${knocks.length - 4} more` : '';
  return shown.length === 0 ? 'no address' : shown.join(', ') + more;
}
