import type { Attempt, Case, ClusterService, Settings, Topology } from '../../../model.ts';
import { sourceOf } from '../aim.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import type { FlowsFound } from '../flows.ts';
import type { Ask } from './ask.ts';
import { flowsFor } from './chance.ts';
import { noEndpoint } from './no-endpoint.ts';
import { oneAttempt } from './one-attempt.ts';
import {
  casesOfOwn,
  familyOf,
  fullName,
  OWN,
  ownOf,
  type Part,
  portOf,
  readyEndpoints,
  serviceCase,
} from './part.ts';
import { respondersOf, ruleByEndpoint } from './ruling.ts';

const PROTOCOLS = ['tcp', 'http', 'udp'] as const;

/** Several flows to the ClusterIP, each of which any ready endpoint may answer. */
export const clusterIp: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    return casesOfOwn(topology, settings, OWN.balanced, ({ service, family, source }) =>
      PROTOCOLS.map((protocol) => {
        const name = `ClusterIP ${protocol} ${fullName(service)}`;
        return serviceCase({ source, family, name, about: { kind: 'ClusterIP', protocol } });
      }),
    );
  },

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    const protocol = PROTOCOLS.find((one) => one === entry.about?.protocol) ?? 'tcp';
    return aimAtClusterIp(entry, topology, settings, {
      service: ownOf(topology, OWN.balanced),
      flows: (endpoints) => flowsFor(endpoints, topology.nodes.length, settings.services.requests),
      ask: { how: 'flows', protocol },
    });
  },

  judge(entry: Case, last: Attempt | undefined, look: Look): Ruling {
    const service = ownOf(look.topology, OWN.balanced);
    const ruling = ruleByEndpoint(entry, last, service, look);
    const found = last?.found as FlowsFound | undefined;
    if (ruling.verdict !== 'passed' || found === undefined) return ruling;
    const resent = (last?.sent ?? 0) - found.flows;
    const again = resent > 0 ? `; ${resent} datagrams had to be sent again` : '';
    const who = `${respondersOf(last).length} of ${readyEndpoints(service, familyOf(entry)).length} ready endpoints`;
    return { ...ruling, sentence: `${found.answered} of ${found.flows} flows answered, by ${who}${again}` };
  },
};

interface Flows {
  service: ClusterService;
  /** How many, for so many ready endpoints. */
  flows: (endpoints: number) => number;
  ask: Extract<Ask, { how: 'flows' }>;
}

/** Flows to the ClusterIP of the case's family, all in one attempt; unsent where nobody can ask or nobody could answer. */
export function aimAtClusterIp(
  entry: Case,
  topology: Topology,
  settings: Settings,
  { service, flows, ask }: Flows,
): Aim {
  const source = sourceOf(entry, topology);
  if ('unsent' in source) return source.unsent;
  const endpoints = readyEndpoints(service, familyOf(entry));
  const address = service.clusterIPs[familyOf(entry)];
  if (endpoints.length === 0 || address === undefined) return noEndpoint(service, familyOf(entry));
  return {
    kind: 'probe',
    address,
    port: portOf(service, ask.protocol),
    // Whoever answers with our nonce counts; its judge knows the endpoints. N² lists of N names would fill memories.
    expect: [],
    count: flows(endpoints.length),
    ask,
    round: 'settled',
    ...oneAttempt(settings),
  };
}
