import type { Attempt, Case, Settings, Topology } from '../../../model.ts';
import { sourceOf } from '../aim.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import type { FlowsFound } from '../flows.ts';
import type { Ask } from './ask.ts';
import { flowsFor } from './chance.ts';
import { noEndpoint } from './no-endpoint.ts';
import { oneAttempt } from './one-attempt.ts';
import {
  familyOf,
  fullName,
  OWN,
  ownOf,
  ownService,
  type Part,
  portOf,
  readyEndpoints,
  serviceCase,
  serviceSources,
} from './part.ts';
import { respondersOf, ruleByEndpoint } from './ruling.ts';

const PROTOCOLS = ['tcp', 'http', 'udp'] as const;

/** Several flows to the ClusterIP, each of which any ready endpoint may answer. */
export const clusterIp: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    const service = ownService(topology, OWN.balanced);
    if (service === undefined) return [];
    return service.families.flatMap((family) =>
      serviceSources(topology, settings, family).flatMap((source) =>
        PROTOCOLS.map((protocol) => {
          const name = `ClusterIP ${protocol} ${fullName(service)}`;
          return serviceCase({ source, family, name, about: { kind: 'ClusterIP', protocol } });
        }),
      ),
    );
  },

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    const source = sourceOf(entry, topology);
    if ('unsent' in source) return source.unsent;
    const service = ownOf(topology, OWN.balanced);
    const endpoints = readyEndpoints(service, familyOf(entry));
    const address = service.clusterIPs[familyOf(entry)];
    if (endpoints.length === 0 || address === undefined) return noEndpoint(service, familyOf(entry));
    const protocol = PROTOCOLS.find((one) => one === entry.about?.protocol) ?? 'tcp';
    return {
      kind: 'probe',
      address,
      port: portOf(service, protocol),
      // Whoever answers with our nonce counts; its judge knows the endpoints. N² lists of N names would fill memories.
      expect: [],
      count: flowsFor(endpoints.length, topology.nodes.length, settings.services.requests),
      ask: { how: 'flows', protocol } satisfies Ask,
      round: 'settled',
      ...oneAttempt(settings),
    };
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
