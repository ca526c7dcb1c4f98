import type { Attempt, Case, Settings, Topology } from '../../../model.ts';
import { sourceOf } from '../aim.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import type { FlowsFound } from '../flows.ts';
import type { Ask } from './ask.ts';
import { flowsInTurnFor } from './chance.ts';
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
import { podText, respondersOf, ruleByEndpoint, unlessLost } from './ruling.ts';

/** `sessionAffinity: ClientIP`: one client meets one endpoint. */
export const affinity: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    const service = ownService(topology, OWN.sticky);
    // One Node is one endpoint: there is nothing to choose, and so nothing to prove.
    if (service === undefined || topology.nodes.length < 2) return [];
    return service.families.flatMap((family) =>
      serviceSources(topology, settings, family).map((source) => {
        const name = `session affinity tcp ${fullName(service)}`;
        return serviceCase({ source, family, name, about: { kind: 'session affinity', protocol: 'tcp' } });
      }),
    );
  },

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    const source = sourceOf(entry, topology);
    if ('unsent' in source) return source.unsent;
    const service = ownOf(topology, OWN.sticky);
    const endpoints = readyEndpoints(service, familyOf(entry));
    const address = service.clusterIPs[familyOf(entry)];
    if (endpoints.length === 0 || address === undefined) return noEndpoint(service, familyOf(entry));
    return {
      kind: 'probe',
      address,
      port: portOf(service, 'tcp'),
      expect: [],
      count: flowsInTurnFor(endpoints.length, settings.services.requests),
      ask: { how: 'flows', protocol: 'tcp', inTurn: true } satisfies Ask,
      round: 'settled',
      ...oneAttempt(settings),
    };
  },

  judge(entry: Case, last: Attempt | undefined, look: Look): Ruling {
    const service = ownOf(look.topology, OWN.sticky);
    const ruling = ruleByEndpoint(entry, last, service, look);
    if (ruling.verdict !== 'passed') return ruling;
    const { flows } = (last?.found ?? { flows: 0 }) as FlowsFound;
    const [first, second] = respondersOf(last);
    if (first !== undefined && second !== undefined) {
      const sentence = `one client was answered by ${podText(first)} and by ${podText(second)}, though ${fullName(service)} has sessionAffinity ClientIP`;
      return unlessLost({ verdict: 'failed', reason: 'mismatch', sentence }, service, look);
    }
    if (readyEndpoints(service, familyOf(entry)).length < 2 || first === undefined) {
      return { verdict: 'errored', reason: 'too-little', detail: 'it has no second ready endpoint' };
    }
    return { ...ruling, sentence: `all ${flows} flows were answered by ${podText(first)}` };
  },
};
