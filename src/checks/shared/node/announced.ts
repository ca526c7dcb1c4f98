// What CNIs write about a Node's addresses into its annotations. Formats: Calico's libcalico-go (node conversion),
// flannel's kube subnet manager, Cilium's pkg/annotation (both its older and its newer prefix).
import type { Case, ClusterNode, Family, Topology } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { contains, isSameAddress, parseNet } from '../cidr.ts';
import { type FactCase, listed, type NodeFact, ruled, standsOut } from './fact.ts';
import { allNodes, usesPodCidrs } from './pod-cidrs.ts';

interface Announcement {
  key: string;
  family: Family;
  /** Where other Nodes send to this one's pods (`node`), or the Node's own end of the overlay (`tunnel`). */
  is: 'node' | 'tunnel';
  /** An annotation by which the operator sets this one: then that is what it must say. */
  setBy?: string;
}

const calico = 'projectcalico.org/';
const flannel = 'flannel.alpha.coreos.com/';

const ANNOUNCED = {
  Calico: [
    { key: `${calico}IPv4Address`, family: 'v4', is: 'node' },
    { key: `${calico}IPv6Address`, family: 'v6', is: 'node' },
    { key: `${calico}IPv4IPIPTunnelAddr`, family: 'v4', is: 'tunnel' },
    { key: `${calico}IPv4VXLANTunnelAddr`, family: 'v4', is: 'tunnel' },
    { key: `${calico}IPv6VXLANTunnelAddr`, family: 'v6', is: 'tunnel' },
    { key: `${calico}IPv4WireguardInterfaceAddr`, family: 'v4', is: 'tunnel' },
    { key: `${calico}IPv6WireguardInterfaceAddr`, family: 'v6', is: 'tunnel' },
  ],
  flannel: [
    { key: `${flannel}public-ip`, family: 'v4', is: 'node', setBy: `${flannel}public-ip-overwrite` },
    { key: `${flannel}public-ipv6`, family: 'v6', is: 'node', setBy: `${flannel}public-ipv6-overwrite` },
  ],
  Cilium: ['network.cilium.io/', 'io.cilium.network.'].flatMap((prefix) => [
    { key: `${prefix}ipv4-cilium-host`, family: 'v4', is: 'tunnel' },
    { key: `${prefix}ipv6-cilium-host`, family: 'v6', is: 'tunnel' },
    { key: `${prefix}ipv4-health-ip`, family: 'v4', is: 'tunnel' },
    { key: `${prefix}ipv6-health-ip`, family: 'v6', is: 'tunnel' },
  ]),
} as const satisfies Record<string, readonly Announcement[]>;

type Cni = keyof typeof ANNOUNCED;

const CAUSE: Record<Cni, string> = {
  Calico:
    'look at IP_AUTODETECTION_METHOD of calico-node: "first-found" takes any device, a Docker bridge too',
  flannel: 'look at --iface of flanneld: without it, it takes the device of the default route',
  Cilium: 'look at the devices of cilium-agent',
};

/** One case per Node and CNI that announces anything on any Node: from the API alone. */
export const announced = {
  name: 'announced',
  expand: (topology): FactCase[] =>
    (Object.keys(ANNOUNCED) as Cni[])
      .filter((cni) => topology.nodes.some((node) => announces(node, cni)))
      .flatMap((cni) =>
        topology.nodes.map((node) => ({ node, title: `addresses that ${cni} announces`, about: { cni } })),
      ),
  judge,
} as const satisfies NodeFact;

function judge(entry: Case, _found: unknown, look: Look): Ruling {
  const { topology } = look;
  const cni = entry.about?.cni as Cni;
  const node = topology.nodes.find(({ name }) => name === entry.source.node);
  if (node === undefined) return ruled(['the Node is not in the topology'], '');
  const faults: string[] = [];
  const good: string[] = [];
  for (const one of ANNOUNCED[cni] as readonly Announcement[]) {
    const value = node.annotations[one.key];
    const wrong =
      value === undefined ? faultOfSilence(one, cni, node, topology) : faultOf(one, value, cni, node, look);
    faults.push(...wrong);
    if (value !== undefined && wrong.length === 0) good.push(`${shortKey(one.key)} ${value}`);
  }
  return ruled(
    faults,
    good.length === 0
      ? `${cni} announces nothing here, another CNI does`
      : `announced as the API has it: ${good.join(', ')}`,
  );
}

function faultOf(one: Announcement, value: string, cni: Cni, node: ClusterNode, look: Look): string[] {
  const { topology } = look;
  const said = `${one.key} is ${value}`;
  const net = parseNet(value);
  if (net === undefined || net.family !== one.family) return [`${said}, which is no IP${one.family} address`];
  const others = allNodes(topology).filter(({ name }) => name !== node.name);
  const same = others.filter(({ annotations }) => isSameAddress(annotations[one.key] ?? '', value));
  const faults =
    same.length === 0 ? [] : [`${said}, and so it is on ${listed(same.map(({ name }) => name))}`];
  const more = one.is === 'node' ? notOwn(one, value, cni, node, look) : notFree(one, value, node, topology);
  return [...faults, ...more.map((fault) => `${said}, ${fault}`)];
}

function notOwn(one: Announcement, value: string, cni: Cni, node: ClusterNode, { settings }: Look): string[] {
  const set = one.setBy === undefined ? undefined : node.annotations[one.setBy];
  if (set !== undefined) {
    return isSameAddress(set, value) ? [] : [`but ${one.setBy} wants ${set}`];
  }
  const [address = ''] = value.split('/');
  const net = parseNet(address);
  const own = internalIps(node, one.family);
  if (own.some((ip) => isSameAddress(ip, address))) return [];
  const allowed = settings.node.announcedNetworks.map(parseNet);
  if (net !== undefined && allowed.some((range) => range !== undefined && contains(range, net))) return [];
  const expected =
    own.length === 0
      ? `${node.name} has no InternalIP of that family`
      : `the InternalIP is ${own.join(' or ')}`;
  return [`but ${expected}: ${CAUSE[cni]}`];
}

function notFree(one: Announcement, value: string, node: ClusterNode, topology: Topology): string[] {
  const [address = ''] = value.split('/');
  const net = parseNet(address);
  const all = allNodes(topology);
  const holder = all.find((other) => internalIps(other, one.family).some((ip) => isSameAddress(ip, address)));
  const others = usesPodCidrs(topology) ? all.filter(({ name }) => name !== node.name) : [];
  const owner = others.find(({ podCidrs }) =>
    podCidrs.map(parseNet).some((cidr) => cidr !== undefined && net !== undefined && contains(cidr, net)),
  );
  const odd = standsOut(
    true,
    topology.nodes.map(({ annotations }) => annotations[one.key] !== undefined),
  );
  return [
    ...(holder === undefined ? [] : [`but that is the InternalIP of ${holder.name}`]),
    ...(owner === undefined ? [] : [`but that is in the PodCIDR of ${owner.name}`]),
    ...(odd ? ['but as many Nodes or more have no such annotation: one of an older set-up?'] : []),
  ];
}

function faultOfSilence(one: Announcement, cni: Cni, node: ClusterNode, { nodes }: Topology): string[] {
  const having = nodes.filter(({ annotations }) => annotations[one.key] !== undefined);
  if (having.length === 0) return [];
  const names = listed(having.map(({ name }) => name));
  if (one.is === 'tunnel') {
    const odd = standsOut(
      false,
      nodes.map(({ annotations }) => annotations[one.key] !== undefined),
    );
    return odd ? [`${one.key} is absent, ${names} have it`] : [];
  }
  // What a CNI that is gone left behind on the older Nodes is nothing that a newer one lacks.
  const byAnother = (Object.keys(ANNOUNCED) as Cni[]).some(
    (other) => other !== cni && [node, ...having].every((each) => announces(each, other)),
  );
  return byAnother ? [] : [`${one.key} is absent, ${names} ${having.length > 1 ? 'have' : 'has'} it`];
}

function announces({ annotations }: ClusterNode, cni: Cni): boolean {
  return ANNOUNCED[cni].some(({ key }) => annotations[key] !== undefined);
}

function internalIps({ addresses, otherAddresses = [] }: ClusterNode, family: Family): string[] {
  const first = addresses[family];
  return [
    ...(first === undefined ? [] : [first]),
    ...otherAddresses.filter((ip) => parseNet(ip)?.family === family),
  ];
}

function shortKey(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
