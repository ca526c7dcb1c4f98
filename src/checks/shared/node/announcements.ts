// What CNIs write about a Node into its annotations. Formats: Calico's libcalico-go (its conversion of Nodes),
// flannel's kube subnet manager, Cilium's pkg/annotation (its older and its newer prefix).
import type { ClusterNode, Family } from '../../../model.ts';

export interface Announcement {
  key: string;
  family: Family;
  /** Where other Nodes send to this one's pods (`node`), or the Node's own end of the overlay (`tunnel`). */
  is: 'node' | 'tunnel';
  /** An annotation by which the operator sets this one: then that is what it must say. */
  setBy?: string;
}

const calico = 'projectcalico.org/';
const flannel = 'flannel.alpha.coreos.com/';

const announcements = {
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
  Cilium: ['network.cilium.io/', 'io.cilium.network.'].flatMap((prefix): Announcement[] => [
    { key: `${prefix}ipv4-cilium-host`, family: 'v4', is: 'tunnel' },
    { key: `${prefix}ipv6-cilium-host`, family: 'v6', is: 'tunnel' },
    { key: `${prefix}ipv4-health-ip`, family: 'v4', is: 'tunnel' },
    { key: `${prefix}ipv6-health-ip`, family: 'v6', is: 'tunnel' },
  ]),
} as const satisfies Record<string, readonly Announcement[]>;

export type Cni = keyof typeof announcements;

export const cnis = Object.keys(announcements) as Cni[];

export function announcementsOf(cni: Cni): readonly Announcement[] {
  return announcements[cni];
}

export function announces({ annotations }: ClusterNode, cni: Cni): boolean {
  return announcementsOf(cni).some(({ key }) => annotations[key] !== undefined);
}

/** Why a CNI announces a wrong address, as a rule. */
export const usualCause: Record<Cni, string> = {
  Calico:
    'look at IP_AUTODETECTION_METHOD of calico-node: "first-found" takes any device, a Docker bridge too',
  flannel: 'look at --iface of flanneld: without it, it takes the device of the default route',
  Cilium: 'look at the devices of cilium-agent',
};

export const flannelBackend = {
  type: `${flannel}backend-type`,
  data: { v4: `${flannel}backend-data`, v6: `${flannel}backend-v6-data` },
} as const;

/** The MAC address of the Node's VXLAN device, which the other Nodes send to. */
export function vtepMacOf({ annotations }: ClusterNode, family: Family): string | undefined {
  try {
    const { VtepMAC: mac } = JSON.parse(annotations[flannelBackend.data[family]] ?? '') as {
      VtepMAC?: unknown;
    };
    return typeof mac === 'string' && mac !== '' ? mac.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}
