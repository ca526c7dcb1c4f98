import type { Attempt, Case, Settings, Topology } from '../../../model.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import type { FlowsFound } from '../flows.ts';
import { flowsInTurnFor } from './chance.ts';
import { aimAtClusterIp } from './cluster-ip.ts';
import {
  casesOfOwn,
  familyOf,
  fullName,
  OWN,
  ownOf,
  type Part,
  readyEndpoints,
  serviceCase,
} from './part.ts';
import { podText, respondersOf, ruleByEndpoint, unlessLost } from './ruling.ts';

/** `sessionAffinity: ClientIP`: one client meets one endpoint. */
export const affinity: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    // One Node is one endpoint: there is nothing to choose, and so nothing to prove.
    if (topology.nodes.length < 2) return [];
    return casesOfOwn(topology, settings, OWN.sticky, ({ service, family, source }) => {
      const name = `session affinity tcp ${fullName(service)}`;
      return [serviceCase({ source, family, name, about: { kind: 'session affinity', protocol: 'tcp' } })];
    });
  },

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    return aimAtClusterIp(entry, topology, settings, {
      service: ownOf(topology, OWN.sticky),
      flows: (endpoints) => flowsInTurnFor(endpoints, settings.services.requests),
      ask: { how: 'flows', protocol: 'tcp', inTurn: true },
    });
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
