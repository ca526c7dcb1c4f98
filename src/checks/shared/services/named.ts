import type { Attempt, Case, Family, Settings, Topology } from '../../../model.ts';
import { sourceOf } from '../aim.ts';
import { ruleOnBlocked } from '../blocked.ts';
import type { Aim, Look, ProbeAim, Ruling } from '../check.ts';
import type { AppAsk } from './ask.ts';
import { skipBlocked } from './local.ts';
import { type Door, doorsOf, isBlocked, isShortCut, outerDoors } from './named-doors.ts';
import { type Named, resolveNamed } from './named-target.ts';
import { addressOfNode, fullName, isElsewhere, type Part, serviceCase, serviceSources } from './part.ts';

/** Services of the user's own: through every door that the API says they have, from every source. */
export const named: Part = {
  expand: (topology: Topology, settings: Settings): Case[] =>
    settings.services.named.flatMap((setting) =>
      casesOf(resolveNamed(setting, topology), topology, settings),
    ),

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    const source = sourceOf(entry, topology);
    if ('unsent' in source) return source.unsent;
    const target = namedOf(entry, topology, settings);
    const door = doorOf(entry, target);
    if (door === undefined) throw new Error(`${entry.id} goes nowhere`);
    const at = placeOf(entry, door, topology);
    if (at === undefined) {
      const label = entry.family === 'v6' ? 'IPv6' : 'IPv4';
      const detail = `node ${entry.target.node} has no ${label} address, the cluster has`;
      return { kind: 'unsent', attempt: { outcome: 'no-address', detail } };
    }
    const port = door.kind === 'NodePort' ? (target.port.nodePort ?? 0) : target.port.port;
    const { path, host, status, body, send } = target.setting;
    const given = { path, host, status, body, send };
    const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const ask: AppAsk = { how: 'app', protocol: target.protocol, ...at.name, ...present };
    const attempts = entry.expect === 'blocked' ? { attempts: 1 } : {};
    return {
      kind: 'probe',
      address: at.address,
      port,
      expect: [],
      count: 1,
      ask,
      round: 'settled',
      ...attempts,
    };
  },

  judge(entry: Case, last: Attempt | undefined, look: Look): Ruling {
    const { service, label } = namedOf(entry, look.topology, look.settings);
    if (entry.expect === 'blocked') return ruleOnBlocked(last, witnessOf(entry, look));
    if (last === undefined) return { verdict: 'errored', reason: 'no-reply' };
    const served = service.endpoints.some(({ ready }) => ready);
    if (!served) {
      const reason = last.outcome === 'reached' || last.outcome === 'unobserved' ? 'mismatch' : last.outcome;
      const sentence = `${fullName(service)} has no ready endpoint: ${last.detail ?? last.outcome}`;
      return { verdict: 'failed', reason, sentence };
    }
    if (last.outcome === 'reached') {
      return { verdict: 'passed', reason: 'proof', sentence: `${label}: ${last.detail ?? 'answered'}` };
    }
    if (last.outcome === 'wrong-answer') {
      return { verdict: 'failed', reason: 'wrong-answer', sentence: `${entry.target.name}: ${last.detail}` };
    }
    return {
      verdict: 'failed',
      reason: last.outcome === 'unobserved' ? 'mismatch' : last.outcome,
      detail: last.detail,
    };
  },
};

function casesOf(target: Named, topology: Topology, settings: Settings): Case[] {
  return doorsOf(target.service, target.port, topology).flatMap((door) =>
    serviceSources(topology, settings, door.family).flatMap((source) => {
      const blocked = isBlocked(source.endpoint, door, target.service);
      if (isShortCut(source.endpoint, door, target.service)) return [];
      return serviceCase({
        source: blocked ? { ...source, skip: source.skip ?? skipBlocked(settings) } : source,
        family: door.family,
        ...(door.kind === 'NodePort' ? { node: door.node } : {}),
        name: nameOf(door, target),
        about: aboutOf(door, target),
        expect: blocked ? 'blocked' : undefined,
      });
    }),
  );
}

function aboutOf(door: Door, { protocol, label }: Named): { kind: string } & Record<string, string> {
  const rank = 'rank' in door ? { rank: String(door.rank) } : {};
  return { kind: 'named', door: door.kind, protocol, service: label, ...rank };
}

function nameOf(door: Door, { label }: Named): string {
  if (door.kind === 'NodePort') return `NodePort ${label} of ${door.node}`;
  return door.kind === 'ClusterIP' ? `ClusterIP ${label}` : `${door.kind} ${door.rank} ${label}`;
}

function namedOf(entry: Case, topology: Topology, settings: Settings): Named {
  for (const setting of settings.services.named) {
    const target = resolveNamed(setting, topology);
    if (target.label === entry.about?.service) return target;
  }
  throw new Error(`${entry.id} is of no entry of services.named`);
}

/** The door of a case, from its own words: nothing is searched for each of N² cases. */
function doorOf({ about, family, target }: Case, { service }: Named): Door | undefined {
  const rank = Number(about?.rank);
  switch (about?.door) {
    case 'NodePort':
      return { kind: 'NodePort', family: family ?? 'v4', node: target.node ?? '' };
    case 'ClusterIP':
      return { kind: 'ClusterIP', family: family ?? 'v4', address: service.clusterIPs[family ?? 'v4'] ?? '' };
    default:
      return outerDoors(service).find((door) => door.kind === about?.door && door.rank === rank);
  }
}

function placeOf(
  { family = 'v4' }: Case,
  door: Door,
  topology: Topology,
): { address: ProbeAim['address']; name?: { name: string } } | undefined {
  if (door.kind === 'NodePort') {
    const address = addressOfNode(topology, door.node, family satisfies Family);
    return address === undefined ? undefined : { address };
  }
  return door.family === undefined
    ? { address: '', name: { name: door.address } }
    : { address: door.address };
}

/** Who reached the same Service through the same kind of door, where it must answer. */
function witnessOf(entry: Case, look: Look): string | undefined {
  const { about, family } = entry;
  const key = `services/witness ${about?.door} ${about?.service} ${family}`;
  const found = look.once(key, () =>
    look.cases
      .filter((one) => one.about?.kind === 'named' && one.about.service === about?.service)
      .filter((one) => one.about?.door === about?.door && one.family === family && one.expect === undefined)
      .filter((one) => about?.door !== 'NodePort' || isElsewhere(one.source, one.target.node ?? ''))
      .find((one) => look.seen(one.id)?.outcome === 'reached'),
  );
  return found === undefined ? undefined : `it answered ${found.source.node} where an endpoint is`;
}
