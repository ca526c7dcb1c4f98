import type { Attempt, Case, ServiceEndpoint, Settings, Topology } from '../../../model.ts';
import { sourceOf } from '../aim.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import type { Ask } from './ask.ts';
import { noEndpoint } from './no-endpoint.ts';
import {
  casesOfOwn,
  endpointText,
  familyOf,
  fullName,
  OWN,
  ownOf,
  type Part,
  readyEndpoints,
  serviceCase,
} from './part.ts';
import { unlessLost } from './ruling.ts';

/** What a headless Service's name stands for: the addresses of its ready endpoints, no more and no less. */
export const headless: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    return casesOfOwn(topology, settings, OWN.headless, ({ service, family, source }) => {
      const name = `headless ${fullName(service)}`;
      return [serviceCase({ source, family, name, about: { kind: 'headless', protocol: 'dns' } })];
    });
  },

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    const source = sourceOf(entry, topology);
    if ('unsent' in source) return source.unsent;
    const service = ownOf(topology, OWN.headless);
    const endpoints = readyEndpoints(service, familyOf(entry));
    if (endpoints.length === 0) return noEndpoint(service, familyOf(entry));
    const name = `${service.name}.${service.namespace}.svc.${settings.dns.domain}.`;
    const ask: Ask = { how: 'resolve', name, expected: endpoints.length };
    return { kind: 'probe', address: '', port: 0, expect: [], count: 1, ask, round: 'settled' };
  },

  judge(entry: Case, last: Attempt | undefined, look: Look): Ruling {
    const service = ownOf(look.topology, OWN.headless);
    const endpoints = readyEndpoints(service, familyOf(entry));
    const said = (last?.found as { addresses?: string[] } | undefined)?.addresses;
    if (last === undefined) return { verdict: 'errored', reason: 'no-reply' };
    if (said === undefined) {
      const reason =
        last.outcome === 'reached' || last.outcome === 'unobserved' ? 'wrong-answer' : last.outcome;
      return { verdict: 'failed', reason, detail: last.detail };
    }
    const complaint = difference(said, endpoints);
    if (complaint === undefined) {
      const sentence = `DNS names the addresses of all ${endpoints.length} ready endpoints and no other`;
      return { verdict: 'passed', reason: 'proof', sentence };
    }
    const sentence = `the name of ${fullName(service)} is not its ready endpoints: ${complaint}`;
    return unlessLost({ verdict: 'failed', reason: 'mismatch', sentence }, service, look);
  },
};

function difference(said: readonly string[], endpoints: readonly ServiceEndpoint[]): string | undefined {
  const addresses = new Set(endpoints.map(({ address }) => address));
  const named = new Set(said);
  const missing = endpoints.filter(({ address }) => !named.has(address));
  const surplus = said.filter((address) => !addresses.has(address));
  const parts = [
    ...(missing.length === 0
      ? []
      : [`missing ${missing.map((one) => `${one.address} (${endpointText(one)})`).join(', ')}`]),
    ...(surplus.length === 0 ? [] : [`surplus ${surplus.join(', ')}`]),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}
