import type {
  Attempt,
  Case,
  ClusterNode,
  ClusterService,
  Endpoint,
  Family,
  ServiceEndpoint,
  Settings,
  Target,
  Topology,
} from '../../../model.ts';
import { caseOf, localityOf, type Source, sourcesOf } from '../case.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import { familiesOfNetwork } from '../families.ts';

/** One kind of case of the check `services`: `about.kind` says which. */
export interface Part {
  expand(topology: Topology, settings: Settings): Case[];
  aim(entry: Case, topology: Topology, settings: Settings): Aim;
  judge(entry: Case, last: Attempt | undefined, look: Look): Ruling;
}

/** Our own Services, as manifests/services.yaml calls them. */
export const OWN = {
  balanced: 'netaccept',
  headless: 'netaccept-headless',
  local: 'netaccept-local',
  sticky: 'netaccept-sticky',
} as const;

export type OwnProtocol = 'tcp' | 'http' | 'udp';

export function ownService(topology: Topology, name: string): ClusterService | undefined {
  return topology.services.find((service) => service.role === 'own' && service.name === name);
}

/** One of our own, where a case has said that it is there. */
export function ownOf(topology: Topology, name: string): ClusterService {
  const service = ownService(topology, name);
  if (service === undefined) throw new Error(`our own service ${name} is not in the topology`);
  return service;
}

export function fullName({ namespace, name }: Pick<ClusterService, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

export function portOf(service: ClusterService, name: string): number {
  return service.ports.find((port) => port.name === name)?.port ?? 0;
}

export function nodePortOf(service: ClusterService, name: string): number {
  return service.ports.find((port) => port.name === name)?.nodePort ?? 0;
}

/** Every Node's pod network and host network, where the network has the family. */
export function serviceSources(topology: Topology, settings: Settings, family?: Family): Source[] {
  const sources = sourcesOf(topology, settings, { pod: 'pod-to-service', host: 'node-to-service' });
  if (family === undefined) return sources;
  const networks = (['pod', 'host'] as const).filter((network) =>
    familiesOfNetwork(topology, network).includes(family),
  );
  return sources.filter(({ endpoint }) => networks.includes(endpoint.network));
}

/** What `cases` makes of each family and source of one of our own Services; nothing where it is not there. */
export function casesOfOwn(
  topology: Topology,
  settings: Settings,
  name: string,
  cases: (at: { service: ClusterService; family: Family; source: Source }) => Case[],
): Case[] {
  const service = ownService(topology, name);
  if (service === undefined) return [];
  return service.families.flatMap((family) =>
    serviceSources(topology, settings, family).flatMap((source) => cases({ service, family, source })),
  );
}

export interface Draft {
  source: Source;
  family?: Family | undefined;
  /** What it goes to, as it stands after the arrow. */
  name: string;
  /** The Node that is dialled, where one is. */
  node?: string;
  about: { kind: string } & Record<string, string>;
  expect?: 'blocked' | undefined;
}

export function serviceCase({ source, family, name, node, about, expect }: Draft): Case {
  const { cluster } = source.endpoint;
  const target: Target = { cluster, name, ...(node === undefined ? {} : { node, network: 'host' }) };
  return caseOf({
    check: 'services',
    path: source.path,
    ...(family === undefined ? {} : { family }),
    source: source.endpoint,
    target,
    ...localityOf(source.endpoint, target),
    about,
    ...(expect === undefined ? {} : { expect }),
    skip: source.skip,
  });
}

/** Ready endpoints of one family, as the API listed them when the run started. */
export function readyEndpoints(service: ClusterService, family: Family): readonly ServiceEndpoint[] {
  const known = ready.get(service) ?? new Map<Family, ServiceEndpoint[]>();
  ready.set(service, known);
  const endpoints =
    known.get(family) ?? service.endpoints.filter((one) => one.ready && one.family === family);
  known.set(family, endpoints);
  return endpoints;
}

// Asked once per case, and there are N² of them for N endpoints.
const ready = new WeakMap<ClusterService, Map<Family, ServiceEndpoint[]>>();

/** `pod web-1 on node-2` */
export function endpointText({ pod, node, address }: ServiceEndpoint): string {
  return `${pod === undefined ? `endpoint ${address}` : `pod ${pod}`}${node === undefined ? '' : ` on ${node}`}`;
}

export function familyOf(entry: Case): Family {
  return entry.family ?? 'v4';
}

export function addressOfNode(topology: Topology, name: string, family: Family): string | undefined {
  const known = nodes.get(topology) ?? new Map(topology.nodes.map((node) => [node.name, node]));
  nodes.set(topology, known);
  return known.get(name)?.addresses[family];
}

const nodes = new WeakMap<Topology, Map<string, ClusterNode>>();

export function isElsewhere(source: Endpoint, node: string): boolean {
  return source.network === 'host' && source.node !== node;
}
