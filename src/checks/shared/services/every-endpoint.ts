import type { Case, Family, ServiceEndpoint, Settings, Topology } from '../../../model.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import type { FlowsFound } from '../flows.ts';
import { isEnough } from './chance.ts';
import {
  familyOf,
  fullName,
  OWN,
  ownOf,
  ownService,
  type Part,
  readyEndpoints,
  serviceCase,
  serviceSources,
} from './part.ts';
import { endpointsText, unlessLost } from './ruling.ts';

/**
 * Over all ClusterIP flows of the run, every ready endpoint has answered somebody; and every agent that is ready is
 * an endpoint. Nothing is sent: the first Node stands as its source.
 */
export const everyEndpoint: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    const service = ownService(topology, OWN.balanced);
    if (service === undefined) return [];
    return service.families.flatMap((family) => {
      const [source] = serviceSources(topology, settings, family);
      if (source === undefined) return [];
      return (['tcp', 'http', 'udp'] as const).map((protocol) => {
        const name = `every endpoint ${protocol} ${fullName(service)}`;
        return serviceCase({ source, family, name, about: { kind: 'every endpoint', protocol } });
      });
    });
  },

  aim: (): Aim => ({ kind: 'derived' }),

  judge(entry: Case, _last, look: Look): Ruling {
    const service = ownOf(look.topology, OWN.balanced);
    const family = familyOf(entry);
    const endpoints = readyEndpoints(service, family);
    const unlisted = unlistedAgents(look.topology, endpoints, family);
    if (unlisted.length > 0) {
      const sentence = `${endpointsText(unlisted)}: ready, but not a ready endpoint of ${fullName(service)}`;
      return { verdict: 'failed', reason: 'mismatch', sentence };
    }
    if (endpoints.length === 0) {
      const sentence = `${fullName(service)} has no ready endpoint: no agent is ready`;
      return { verdict: 'errored', reason: 'no-target-agent', sentence };
    }
    const { uids, flows } = met(entry, endpoints, look);
    const missing = endpoints.filter(({ uid }) => uid === undefined || !uids.has(uid));
    if (missing.length === 0) {
      const sentence = `each of ${endpoints.length} ready endpoints answered, in ${flows} flows`;
      return { verdict: 'passed', reason: 'proof', sentence };
    }
    const which = `${endpointsText(missing)} answered none of ${flows} flows`;
    if (!isEnough(endpoints.length, flows)) {
      const sentence = `${which}: too few to tell whether ${missing.length === 1 ? 'it is' : 'they are'} left out`;
      return { verdict: 'errored', reason: 'too-little', sentence };
    }
    return unlessLost({ verdict: 'failed', reason: 'mismatch', sentence: which }, service, look);
  },
};

function unlistedAgents(topology: Topology, endpoints: readonly ServiceEndpoint[], family: Family) {
  const listed = new Set(endpoints.map(({ uid }) => uid));
  return topology.agents.flatMap((agent): ServiceEndpoint[] => {
    const address = agent.addresses[family];
    const ours = agent.network === 'pod' && agent.role === 'prober' && agent.ready && address !== undefined;
    return ours && !listed.has(agent.uid) ? [{ ...agent, address, family }] : [];
  });
}

/** Who answered any ClusterIP flow, and how many flows there were from sources where some endpoint was met at all. */
function met(
  entry: Case,
  endpoints: readonly ServiceEndpoint[],
  look: Look,
): { uids: Set<string>; flows: number } {
  const protocol = entry.about?.protocol;
  return look.once(`services/met ${protocol} ${entry.family}`, () => {
    const expected = new Set(endpoints.map(({ uid }) => uid));
    const uids = new Set<string>();
    let flows = 0;
    for (const one of look.cases) {
      if (one.check !== 'services' || one.about?.kind !== 'ClusterIP' || one.family !== entry.family)
        continue;
      const found = one.about.protocol === protocol ? look.seen(one.id)?.found : undefined;
      const { flows: tried, by } = (found ?? { flows: 0, answered: 0, by: {} }) as FlowsFound;
      const from = Object.keys(by);
      // Where no endpoint answers at all, nothing chooses among them.
      if (from.some((uid) => expected.has(uid))) flows += tried;
      for (const uid of from) uids.add(uid);
    }
    return { uids, flows };
  });
}
