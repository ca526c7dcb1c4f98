import { describe, expect, test } from 'vitest';
import type { ClusterNode, Topology } from '../../../src/model.ts';
import { device, idsOf, type Scene, verdictsIn } from './node-cluster.ts';

type Annotate = (node: ClusterNode, rank: number) => Record<string, string>;

const calico: Annotate = ({ addresses }, rank) => ({
  'projectcalico.org/IPv4Address': `${addresses.v4}/24`,
  'projectcalico.org/IPv4VXLANTunnelAddr': `10.244.${rank}.0`,
});
const flannel: Annotate = ({ addresses }, rank) => ({
  'flannel.alpha.coreos.com/public-ip': addresses.v4 ?? '',
  'flannel.alpha.coreos.com/backend-type': 'vxlan',
  'flannel.alpha.coreos.com/backend-data': `{"VNI":1,"VtepMAC":"02:00:00:00:00:0${rank}"}`,
});
const cilium: Annotate = (_node, rank) => ({ 'network.cilium.io/ipv4-cilium-host': `10.244.${rank}.77` });

/** Each Node's annotations, and then what `change` makes of node-2's; a key set to '' is removed. */
function announcing(all: Annotate, change: Record<string, string> = {}, more: Scene = {}): Scene {
  return {
    ...more,
    topology: (topology: Topology) => {
      topology.nodes.forEach((node, index) => {
        node.annotations = all(node, index + 1);
        if (node.name === 'node-2') Object.assign(node.annotations, change);
        for (const [key, value] of Object.entries(node.annotations))
          if (value === '') delete node.annotations[key];
      });
      more.topology?.(topology);
    },
  };
}

const id = (rank: number, cni: string) => `node-${rank} → addresses that ${cni} announces`;

test.each([
  ['Calico', calico],
  ['flannel', flannel],
  ['Cilium', cilium],
])('what %s announces as the API has it is green, one case a Node', (cni, annotate) => {
  const verdicts = verdictsIn(announcing(annotate));
  expect(idsOf(verdicts, 'failed')).toEqual([]);
  const own = [...verdicts.keys()].filter((key) => key.endsWith(' announces'));
  expect(own).toEqual([1, 2, 3, 4].map((rank) => id(rank, cni)));
});

test('where no CNI announces anything there is no case', () => {
  expect([...verdictsIn({}).keys()].filter((key) => key.endsWith(' announces'))).toEqual([]);
});

const rows: [name: string, scene: Scene, red: string[], sentence: string][] = [
  [
    'Calico took a Docker bridge',
    announcing(calico, { 'projectcalico.org/IPv4Address': '172.19.0.1/16' }),
    [id(2, 'Calico')],
    `projectcalico.org/IPv4Address is 172.19.0.1/16, but it must be the Node's InternalIP and that is 172.30.0.3: look at IP_AUTODETECTION_METHOD of calico-node: "first-found" takes any device, a Docker bridge too`,
  ],
  [
    'two Nodes announce one address',
    announcing(calico, { 'projectcalico.org/IPv4VXLANTunnelAddr': '10.244.3.0' }),
    [id(2, 'Calico'), id(3, 'Calico')],
    'projectcalico.org/IPv4VXLANTunnelAddr is 10.244.3.0, and so it is on node-3; projectcalico.org/IPv4VXLANTunnelAddr is 10.244.3.0, but that is in the PodCIDR of node-3',
  ],
  [
    'a tunnel address that is an InternalIP',
    announcing(calico, { 'projectcalico.org/IPv4VXLANTunnelAddr': '172.30.0.4' }),
    [id(2, 'Calico')],
    'projectcalico.org/IPv4VXLANTunnelAddr is 172.30.0.4, but that is the InternalIP of node-3',
  ],
  [
    'a Node that announces nothing while others do',
    announcing(calico, { 'projectcalico.org/IPv4Address': '', 'projectcalico.org/IPv4VXLANTunnelAddr': '' }),
    [id(2, 'Calico')],
    'projectcalico.org/IPv4Address is absent, node-1, node-3, node-4 have it; projectcalico.org/IPv4VXLANTunnelAddr is absent, node-1, node-3, node-4 have it',
  ],
  [
    'an annotation left over from IPIP',
    announcing(calico, { 'projectcalico.org/IPv4IPIPTunnelAddr': '10.244.2.64' }),
    [id(2, 'Calico')],
    'projectcalico.org/IPv4IPIPTunnelAddr is 10.244.2.64, but as many Nodes or more announce none: is it of an older set-up?',
  ],
  [
    'something that is no address',
    announcing(calico, { 'projectcalico.org/IPv4Address': 'autodetect' }),
    [id(2, 'Calico')],
    'projectcalico.org/IPv4Address is autodetect, which is no IPv4 address',
  ],
  [
    'flannel took another device',
    announcing(flannel, { 'flannel.alpha.coreos.com/public-ip': '10.0.2.15' }),
    [id(2, 'flannel')],
    "flannel.alpha.coreos.com/public-ip is 10.0.2.15, but it must be the Node's InternalIP and that is 172.30.0.3: look at --iface of flanneld: without it, it takes the device of the default route",
  ],
  [
    'flannel does not follow its own override',
    announcing(flannel, { 'flannel.alpha.coreos.com/public-ip-overwrite': '192.0.2.7' }),
    [id(2, 'flannel')],
    'flannel.alpha.coreos.com/public-ip is 172.30.0.3, but flannel.alpha.coreos.com/public-ip-overwrite wants 192.0.2.7',
  ],
  [
    'another backend on one Node',
    announcing(flannel, { 'flannel.alpha.coreos.com/backend-type': 'host-gw' }),
    [id(2, 'flannel')],
    'flannel.alpha.coreos.com/backend-type is host-gw, other Nodes have vxlan',
  ],
  [
    'a MAC address that is not the device’s',
    announcing(
      flannel,
      {},
      {
        found: (found) => {
          for (let n = 1; n <= 4; n++) {
            const mac = n === 2 ? '02:00:00:00:00:ff' : `02:00:00:00:00:0${n}`;
            found[`node-${n} → tunnel devices`] = { devices: [device('flannel.1', 'vxlan', { mac })] };
          }
        },
      },
    ),
    [id(2, 'flannel')],
    'flannel.alpha.coreos.com/backend-data announces MAC 02:00:00:00:00:02, but flannel.1 has 02:00:00:00:00:ff',
  ],
  [
    'a cilium_host address in another Node’s PodCIDR',
    announcing(cilium, { 'network.cilium.io/ipv4-cilium-host': '10.244.4.5' }),
    [id(2, 'Cilium')],
    'network.cilium.io/ipv4-cilium-host is 10.244.4.5, but that is in the PodCIDR of node-4',
  ],
];

describe('what contradicts the API turns exactly its own case red', () => {
  test.each(rows)('%s', (_name, scene, red, sentence) => {
    const verdicts = verdictsIn(scene);
    expect(idsOf(verdicts, 'failed')).toEqual(red);
    expect(verdicts.get(red[0] ?? '')?.sentence).toBe(sentence);
  });
});

test.each([
  [
    'a network that the settings allow',
    announcing(
      calico,
      { 'projectcalico.org/IPv4Address': '192.0.2.9/24' },
      {
        settings: (draft) => {
          draft.node.announcedNetworks = ['192.0.2.0/24'];
        },
      },
    ),
  ],
  [
    'the operator’s own override',
    announcing(flannel, {
      'flannel.alpha.coreos.com/public-ip': '192.0.2.7',
      'flannel.alpha.coreos.com/public-ip-overwrite': '192.0.2.7',
    }),
  ],
  [
    'a second InternalIP',
    announcing(
      calico,
      { 'projectcalico.org/IPv4Address': '10.9.9.9/24' },
      {
        topology: ({ nodes }) => {
          for (const node of nodes) if (node.name === 'node-2') node.otherAddresses = ['10.9.9.9'];
        },
      },
    ),
  ],
  [
    'what flannel left behind on the older Nodes of a cluster that has Calico now',
    announcing((node, rank) =>
      rank < 3 ? { ...calico(node, rank), ...flannel(node, rank) } : calico(node, rank),
    ),
  ],
])('%s is no fault', (_name, scene) => {
  expect(idsOf(verdictsIn(scene), 'failed')).toEqual([]);
});
