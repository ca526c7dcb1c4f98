import type { Attempt, Case, Settings, Topology } from '../../../model.ts';
import { sourceOf } from '../aim.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import { familiesOfNetwork } from '../families.ts';
import type { Ask } from './ask.ts';
import { noEndpoint } from './no-endpoint.ts';
import {
  addressOfNode,
  familyOf,
  fullName,
  nodePortOf,
  OWN,
  ownOf,
  ownService,
  type Part,
  readyEndpoints,
  serviceCase,
  serviceSources,
} from './part.ts';
import { ruleByEndpoint } from './ruling.ts';

export const NODE_PORT_PROTOCOLS = ['tcp', 'udp'] as const;

/** The NodePort of every Node, from every source; any ready endpoint may answer. */
export const nodePort: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    const service = ownService(topology, OWN.balanced);
    if (service === undefined) return [];
    return nodeFamilies(topology, service.families).flatMap((family) =>
      serviceSources(topology, settings, family).flatMap((source) =>
        topology.nodes.flatMap(({ name: node }) =>
          NODE_PORT_PROTOCOLS.map((protocol) => {
            const name = `NodePort ${protocol} ${fullName(service)} of ${node}`;
            return serviceCase({ source, family, node, name, about: { kind: 'NodePort', protocol } });
          }),
        ),
      ),
    );
  },

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    const service = ownOf(topology, OWN.balanced);
    if (readyEndpoints(service, familyOf(entry)).length === 0) {
      const source = sourceOf(entry, topology);
      return 'unsent' in source ? source.unsent : noEndpoint(service, familyOf(entry));
    }
    const protocol = protocolOf(entry);
    const port = nodePortOf(service, protocol);
    return aimAtNode(entry, topology, { port, expect: [], ...onceBy(protocol, settings) });
  },

  judge: (entry: Case, last: Attempt | undefined, look: Look): Ruling =>
    ruleByEndpoint(entry, last, ownOf(look.topology, OWN.balanced), look),
};

/** Families of the Service that the Nodes have: their ports are dialled at their InternalIPs. */
export function nodeFamilies<F extends 'v4' | 'v6'>(topology: Topology, families: readonly F[]): F[] {
  const atNodes: readonly string[] = familiesOfNetwork(topology, 'host');
  return families.filter((family) => atNodes.includes(family));
}

export function protocolOf(entry: Case): 'tcp' | 'udp' {
  return entry.about?.protocol === 'udp' ? 'udp' : 'tcp';
}

export function onceBy(protocol: 'tcp' | 'udp', { probe }: Settings): { count: number; ask: Ask } {
  return { count: protocol === 'udp' ? probe.datagrams : 1, ask: { how: 'once', protocol } };
}

/** To the InternalIP of the case's Node; unsent where the source cannot send, or the Node lacks the family. */
export function aimAtNode(
  entry: Case,
  topology: Topology,
  { port, expect, count, ask, attempts }: AtNode,
): Aim {
  const source = sourceOf(entry, topology);
  if ('unsent' in source) return source.unsent;
  const node = entry.target.node ?? '';
  const address = addressOfNode(topology, node, familyOf(entry));
  if (address === undefined) {
    const label = familyOf(entry) === 'v4' ? 'IPv4' : 'IPv6';
    const detail = `node ${node} has no ${label} address, the cluster has`;
    return { kind: 'unsent', attempt: { outcome: 'no-address', detail } };
  }
  const tries = attempts === undefined ? {} : { attempts };
  return { kind: 'probe', address, port, expect, count, ask, round: 'settled', ...tries };
}

interface AtNode {
  port: number;
  expect: string[];
  count: number;
  ask: Ask;
  attempts?: number;
}
