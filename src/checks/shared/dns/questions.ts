import type { ClusterService, DnsName, Family, Settings, Topology } from '../../../model.ts';
import { reverseName } from '../dns-records.ts';
import type { DnsAsk } from './ask.ts';
import { dnsServices, type Server } from './servers.ts';

export interface Question extends DnsAsk {
  /** As it stands in the cases' ids: without the cluster's domain, addresses or random labels. */
  label: string;
  /** It is about a Service that this run may just have made. */
  fresh: boolean;
}

const TYPE_OF = { v4: 'A', v6: 'AAAA' } as const;
const FAMILIES: readonly Family[] = ['v4', 'v6'];

/** Everything that one server is asked, each with what the API says is right. */
export function questionsFor(server: Server, topology: Topology, settings: Settings): Question[] {
  const { names } = settings.dns;
  const asked = names.map(nameQuestion);
  if (server.kind === 'named') {
    return byBoth(asked.length > 0 ? asked : [addressQuestion(wellKnown(topology), settings)].flat());
  }
  const subject = subjectOf(topology);
  const viaResolver = server.kind === 'resolv.conf';
  return [
    ...(subject === undefined ? [] : serviceQuestions(subject, settings)),
    ...(subject === undefined || !viaResolver ? [] : [shortQuestion(subject, settings)].flat()),
    nobody(settings),
    ...(viaResolver && settings.dns.servers.length === 0 ? asked : []),
    ...[addressQuestion(wellKnown(topology), settings)].flat().map(byTcp),
  ];
}

/** Our own Service where there is one: a DNS pod that has lost the API knows only what is older. */
function subjectOf(topology: Topology): ClusterService | undefined {
  const own = topology.services.filter(({ role, clusterIPs }) => role === 'own' && isAny(clusterIPs));
  return own.sort((a, b) => (a.name < b.name ? -1 : 1))[0] ?? wellKnown(topology);
}

function wellKnown(topology: Topology): ClusterService | undefined {
  const known = topology.services.filter(({ clusterIPs }) => isAny(clusterIPs));
  return known.find(({ role }) => role === 'api-server') ?? dnsServices({ ...topology, services: known })[0];
}

function serviceQuestions(service: ClusterService, { dns }: Settings): Question[] {
  const { full, label, fresh } = namesOf(service, dns.domain);
  const [port] = service.ports.filter(({ name }) => name !== '');
  return [
    ...FAMILIES.map((family): Question => {
      const address = service.clusterIPs[family];
      const type = TYPE_OF[family];
      return udp(`${type} ${label}`, type, full, address === undefined ? [] : [address], fresh);
    }),
    ...(port === undefined
      ? []
      : [
          udp(
            `SRV ${port.name}.${label}`,
            'SRV',
            `_${port.name}._${port.protocol.toLowerCase()}.${full}`,
            [`${full}:${port.port}`],
            fresh,
          ),
        ]),
    ...FAMILIES.flatMap((family) => {
      const address = service.clusterIPs[family];
      return address === undefined
        ? []
        : [udp(`PTR ${family} ${label}`, 'PTR', reverseName(address), [full], fresh)];
    }),
  ];
}

function addressQuestion(service: ClusterService | undefined, { dns }: Settings): Question[] {
  const family = FAMILIES.find((one) => service?.clusterIPs[one] !== undefined);
  const address = family && service?.clusterIPs[family];
  if (service === undefined || family === undefined || address === undefined) return [];
  const { full, label, fresh } = namesOf(service, dns.domain);
  return [udp(`${TYPE_OF[family]} ${label}`, TYPE_OF[family], full, [address], fresh)];
}

/** As an application's configuration says it, completed from the search list. */
function shortQuestion(service: ClusterService, settings: Settings): Question[] {
  const short = `${service.name}.${service.namespace}`;
  return addressQuestion(service, settings).map((question) => ({
    ...question,
    label: `${question.type} ${short} (short)`,
    name: short,
    within: settings.dns.domain,
  }));
}

/** An answer here means that some wildcard stands in for every name that is mistyped. */
function nobody({ dns }: Settings): Question {
  const question = udp('A of a name that nobody has', 'A', `*.svc.${dns.domain}`, [], false);
  return { ...question, want: { kind: 'absent' } };
}

function nameQuestion({ name, type, expect }: DnsName): Question {
  const question = udp(`${type} ${name}`, type, name, expect, false);
  return expect.length === 0 ? { ...question, want: { kind: 'something' } } : question;
}

/** All by udp, the first by tcp too: it carries what does not fit into a datagram. */
function byBoth(questions: Question[]): Question[] {
  return [...questions, ...questions.slice(0, 1).map(byTcp)];
}

function byTcp(question: Question): Question {
  return { ...question, transport: 'tcp' };
}

function udp(label: string, type: DnsAsk['type'], name: string, values: string[], fresh: boolean): Question {
  return { label, transport: 'udp', type, name, want: { kind: 'values', values }, fresh };
}

function namesOf({ name, namespace, role }: ClusterService, domain: string) {
  return {
    full: `${name}.${namespace}.svc.${domain}`,
    label: `${name}.${namespace}.svc`,
    fresh: role === 'own',
  };
}

function isAny(addresses: ClusterService['clusterIPs']): boolean {
  return addresses.v4 !== undefined || addresses.v6 !== undefined;
}
