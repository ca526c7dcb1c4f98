import type { Attempt, Case, Settings, Topology } from '../../../model.ts';
import { sourceOf } from '../aim.ts';
import { ruleOnBlocked } from '../blocked.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import { noEndpoint } from './no-endpoint.ts';
import { aimAtNode, NODE_PORT_PROTOCOLS, nodeFamilies, onceBy, protocolOf } from './node-port.ts';
import {
  familyOf,
  fullName,
  isElsewhere,
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

const KIND = 'NodePort Local';

/**
 * `externalTrafficPolicy: Local`: the Node with the endpoint answers and sees the client's own address; any other Node
 * stays silent. Silence is expected by the host network of other Nodes only: for pods, and for a Node that dials
 * itself, kube-proxy goes straight to the endpoints on purpose, as if the policy were Cluster.
 */
export const local: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    const service = ownService(topology, OWN.local);
    if (service === undefined) return [];
    return nodeFamilies(topology, service.families).flatMap((family) => {
      const holder = holderOf(topology, family);
      return serviceSources(topology, settings, family).flatMap((source) =>
        topology.nodes.flatMap(({ name: node }) => {
          const blocked = node !== holder;
          if (blocked && !isElsewhere(source.endpoint, node)) return [];
          return NODE_PORT_PROTOCOLS.map((protocol) =>
            serviceCase({
              source: blocked ? { ...source, skip: source.skip ?? skipBlocked(settings) } : source,
              family,
              node,
              name: `${KIND} ${protocol} ${fullName(service)} of ${node}`,
              about: { kind: KIND, protocol },
              expect: blocked ? 'blocked' : undefined,
            }),
          );
        }),
      );
    });
  },

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    const service = ownOf(topology, OWN.local);
    const [endpoint] = readyEndpoints(service, familyOf(entry));
    if (endpoint === undefined) {
      const source = sourceOf(entry, topology);
      return 'unsent' in source ? source.unsent : noEndpoint(service, familyOf(entry));
    }
    const protocol = protocolOf(entry);
    const port = nodePortOf(service, protocol);
    const blocked = entry.expect === 'blocked';
    const expect = blocked || endpoint.uid === undefined ? [] : [endpoint.uid];
    // One attempt is several packets already: what is silent costs its time-out once.
    const attempts = blocked ? { attempts: 1 } : {};
    return aimAtNode(entry, topology, { port, expect, ...onceBy(protocol, settings), ...attempts });
  },

  judge(entry: Case, last: Attempt | undefined, look: Look): Ruling {
    if (entry.expect === 'blocked') return ruleOnBlocked(last, witnessOf(entry, look));
    const ruling = ruleByEndpoint(entry, last, ownOf(look.topology, OWN.local), look);
    if (ruling.verdict !== 'passed' || !isElsewhere(entry.source, entry.target.node ?? '')) return ruling;
    const from = (last?.found as { from?: string } | undefined)?.from;
    if (from === undefined || last?.seen === undefined) return { verdict: 'errored', reason: 'too-little' };
    if (from === last.seen) return ruling;
    const sentence = `the client's address was not kept: sent from ${from}, seen as ${last.seen}`;
    return { verdict: 'failed', reason: 'mismatch', sentence };
  },
};

/** The Node of the one endpoint: our own EndpointSlices name it. */
function holderOf(topology: Topology, family: 'v4' | 'v6'): string | undefined {
  const service = ownService(topology, OWN.local);
  return service === undefined ? undefined : readyEndpoints(service, family)[0]?.node;
}

export function skipBlocked({ services }: Settings): string | undefined {
  if (services.localBlocked) return undefined;
  return 'the data plane answers inside the cluster on every Node (services.localBlocked)';
}

/** Who reached the same port the same way, from the host network of another Node. */
function witnessOf(entry: Case, look: Look): string | undefined {
  const { about, family } = entry;
  const found = look.once(`services/witness ${KIND} ${about?.protocol} ${family}`, () =>
    look.cases
      .filter((one) => one.check === 'services' && one.about?.kind === KIND && one.family === family)
      .filter((one) => one.about?.protocol === about?.protocol && one.expect === undefined)
      .filter((one) => isElsewhere(one.source, one.target.node ?? ''))
      .find((one) => look.seen(one.id)?.outcome === 'reached'),
  );
  return found === undefined ? undefined : `it answered ${found.source.node} where the endpoint is`;
}
