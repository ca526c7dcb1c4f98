// What each check's section of the configuration is by default, what fixtures/configs/good/full.yaml sets in
// it, and the variables for it: one block per section, so that a check's keys are tested in one place.
import type { Settings } from '../../../src/model.ts';

type Sections = Pick<
  Settings,
  'services' | 'dns' | 'udpPort' | 'mtu' | 'quality' | 'ingress' | 'external' | 'policy' | 'node'
>;

/** Variable, its text, the setting's path, its value. */
type Row = [variable: string, text: string, path: string, value: unknown];

export const sectionDefaults: Sections = {
  services: { requests: 10, settleMs: 5000 },

  dns: { domain: 'cluster.local', namespace: 'kube-system', selector: 'k8s-app=kube-dns' },

  udpPort: { ports: [], vxlan: false },

  mtu: { pod: 0, node: 0, bytes: 65_536 },

  quality: { packets: 10, sourcePorts: 5, sourcePortBase: 0, maxLossPercent: 10, maxRttP95Ms: 0 },

  ingress: [],

  external: [],

  policy: { own: false },

  node: { absentDevices: [] },
};

export const sectionsInFull: Sections = {
  services: { requests: 3, settleMs: 1000 },

  dns: { domain: 'k8s.example.org', namespace: 'dns', selector: 'app=coredns' },

  udpPort: { ports: [4790, 8472], vxlan: true },

  mtu: { pod: 1400, node: 1500, bytes: 20_000 },

  quality: { packets: 100, sourcePorts: 10, sourcePortBase: 40_000, maxLossPercent: 1, maxRttP95Ms: 250 },

  ingress: [{ name: 'shop' }],

  external: [{ name: 'registry' }],

  policy: { own: true },

  node: { absentDevices: ['tunl0'] },
};

export const sectionVariables: Row[] = [
  ['NETACCEPT_SERVICES_REQUESTS', '20', 'services.requests', 20],
  ['NETACCEPT_SERVICES_SETTLE', '2s', 'services.settleMs', 2000],

  ['NETACCEPT_DNS_DOMAIN', 'c.example.org', 'dns.domain', 'c.example.org'],
  ['NETACCEPT_DNS_NAMESPACE', 'dns', 'dns.namespace', 'dns'],
  ['NETACCEPT_DNS_SELECTOR', 'app=dns', 'dns.selector', 'app=dns'],

  ['NETACCEPT_UDP_PORT_PORTS', '4789,8472', 'udpPort.ports', [4789, 8472]],
  ['NETACCEPT_UDP_PORT_VXLAN', 'true', 'udpPort.vxlan', true],

  ['NETACCEPT_MTU_POD', '1400', 'mtu.pod', 1400],
  ['NETACCEPT_MTU_NODE', '1500', 'mtu.node', 1500],
  ['NETACCEPT_MTU_BYTES', '100000', 'mtu.bytes', 100_000],

  ['NETACCEPT_QUALITY_PACKETS', '50', 'quality.packets', 50],
  ['NETACCEPT_QUALITY_SOURCE_PORTS', '8', 'quality.sourcePorts', 8],
  ['NETACCEPT_QUALITY_SOURCE_PORT_BASE', '40000', 'quality.sourcePortBase', 40_000],
  ['NETACCEPT_QUALITY_MAX_LOSS_PERCENT', '2', 'quality.maxLossPercent', 2],
  ['NETACCEPT_QUALITY_MAX_RTT_P95', '20ms', 'quality.maxRttP95Ms', 20],

  ['NETACCEPT_INGRESS', '[{name: shop}]', 'ingress', [{ name: 'shop' }]],

  ['NETACCEPT_EXTERNAL', '[{name: shop}]', 'external', [{ name: 'shop' }]],

  ['NETACCEPT_POLICY_OWN', 'true', 'policy.own', true],

  ['NETACCEPT_NODE_ABSENT_DEVICES', 'tunl0,vxlan9', 'node.absentDevices', ['tunl0', 'vxlan9']],
];
