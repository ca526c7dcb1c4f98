import type {
  Addresses,
  ClusterService,
  DnsSettings,
  Family,
  ServicePort,
  Topology,
} from '../../../model.ts';

/** Somebody to ask, named as in the cases' ids. */
export interface Server {
  kind: 'resolv.conf' | 'vip' | 'pod' | 'node-local' | 'named';
  name: string;
  /** Empty for resolv.conf: its addresses are the pod's to say. */
  addresses: Addresses;
  ports: Record<'udp' | 'tcp', number>;
  /** DNS pods behind it, each of which may get the next flow. */
  backends: number;
  node?: string;
}

const FAMILIES: readonly Family[] = ['v4', 'v6'];
const PORTS = { udp: 53, tcp: 53 };

/** Every server that each pod can ask: its resolver's, the cluster's VIPs, every DNS pod, and those of the settings. */
export function serversOf(topology: Topology, dns: DnsSettings): Server[] {
  const services = dnsServices(topology);
  const pods = podsOf(services);
  return [
    { kind: 'resolv.conf', name: 'resolv.conf', addresses: {}, ports: PORTS, backends: pods.length },
    ...services.filter((service) => !service.headless).map(vipOf),
    ...pods,
    ...(dns.nodeLocal === '' ? [] : [fixed('node-local', 'node-local cache', dns.nodeLocal, 53)]),
    ...dns.servers.map(({ name, address, port }) => fixed('named', `server ${name}`, address, port)),
  ];
}

/** Those that the selector found and that really serve DNS: metrics Services may carry the same labels. */
export function dnsServices({ services }: Topology): ClusterService[] {
  return services.filter((service) => service.role === 'dns' && portFor(service, 'UDP') !== undefined);
}

/** Families that a server has an address of; undefined where the server decides. */
export function familiesOf({ kind, addresses }: Server): (Family | undefined)[] {
  if (kind === 'resolv.conf') return [undefined];
  return FAMILIES.filter((family) => addresses[family] !== undefined);
}

function vipOf(service: ClusterService): Server {
  return {
    kind: 'vip',
    name: `VIP ${service.name}`,
    addresses: service.clusterIPs,
    ports: portsOf(service, ({ port }) => port),
    backends: podsOf([service]).length,
  };
}

/** One for each pod, whatever the number of Services and families that lead to it. Its own name is random: not used. */
function podsOf(services: readonly ClusterService[]): Server[] {
  const pods = new Map<string, Server>();
  for (const service of services) {
    for (const { address, family, node, uid } of service.endpoints) {
      const key = uid ?? address;
      const known = pods.get(key) ?? {
        kind: 'pod',
        name: '',
        addresses: {},
        ports: portsOf(service, ({ endpointPort, port }) => endpointPort ?? port),
        backends: 1,
        ...(node === undefined ? {} : { node }),
      };
      pods.set(key, { ...known, addresses: { [family]: address, ...known.addresses } });
    }
  }
  const counts = new Map<string, number>();
  const byKey = [...pods].sort(([a], [b]) => (a < b ? -1 : 1));
  return byKey.map(([, pod]) => {
    const name = pod.node === undefined ? 'DNS endpoint' : `DNS pod on ${pod.node}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { ...pod, name: count === 1 ? name : `${name} #${count}` };
  });
}

function fixed(kind: Server['kind'], name: string, address: string, port: number): Server {
  const addresses = address.includes(':') ? { v6: address } : { v4: address };
  return { kind, name, addresses, ports: { udp: port, tcp: port }, backends: 1 };
}

function portsOf(service: ClusterService, number: (port: ServicePort) => number): Server['ports'] {
  const udp = portFor(service, 'UDP');
  const tcp = portFor(service, 'TCP');
  return { udp: udp ? number(udp) : PORTS.udp, tcp: tcp ? number(tcp) : PORTS.tcp };
}

function portFor({ ports }: ClusterService, protocol: 'UDP' | 'TCP'): ServicePort | undefined {
  const ofProtocol = ports.filter((port) => port.protocol === protocol);
  return ofProtocol.find(({ port }) => port === 53) ?? ofProtocol.find(({ name }) => name.startsWith('dns'));
}
