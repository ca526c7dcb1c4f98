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
  services: { requests: 10, settleMs: 5000, localBlocked: true, hostPort: 0, named: [] },

  dns: { domain: 'cluster.local', namespace: 'kube-system', selector: 'k8s-app=kube-dns' },

  udpPort: { ports: [] },

  mtu: { pod: 0, node: 0 },

  quality: { packets: 10 },

  ingress: [],

  external: [],

  policy: { own: false },

  node: { absentDevices: [] },
};

export const sectionsInFull: Sections = {
  services: {
    requests: 3,
    settleMs: 1000,
    localBlocked: false,
    hostPort: 29_804,
    named: [
      { service: 'shop/web:http', path: '/cart', host: 'shop.example.org', status: 204, body: 'ok' },
      { service: 'shop/time:123', protocol: 'udp', send: 'now?' },
    ],
  },

  dns: { domain: 'k8s.example.org', namespace: 'dns', selector: 'app=coredns' },

  udpPort: { ports: [4789, 8472] },

  mtu: { pod: 1400, node: 1500 },

  quality: { packets: 100 },

  ingress: [{ name: 'shop' }],

  external: [{ name: 'registry' }],

  policy: { own: true },

  node: { absentDevices: ['tunl0'] },
};

export const sectionVariables: Row[] = [
  ['NETACCEPT_SERVICES_REQUESTS', '20', 'services.requests', 20],
  ['NETACCEPT_SERVICES_SETTLE', '2s', 'services.settleMs', 2000],
  ['NETACCEPT_SERVICES_LOCAL_BLOCKED', 'false', 'services.localBlocked', false],
  ['NETACCEPT_SERVICES_HOST_PORT', '29804', 'services.hostPort', 29_804],
  ['NETACCEPT_SERVICES_NAMED', '[{service: a/b:80}]', 'services.named', [{ service: 'a/b:80' }]],

  ['NETACCEPT_DNS_DOMAIN', 'c.example.org', 'dns.domain', 'c.example.org'],
  ['NETACCEPT_DNS_NAMESPACE', 'dns', 'dns.namespace', 'dns'],
  ['NETACCEPT_DNS_SELECTOR', 'app=dns', 'dns.selector', 'app=dns'],

  ['NETACCEPT_UDP_PORT_PORTS', '4789,8472', 'udpPort.ports', [4789, 8472]],

  ['NETACCEPT_MTU_POD', '1400', 'mtu.pod', 1400],
  ['NETACCEPT_MTU_NODE', '1500', 'mtu.node', 1500],

  ['NETACCEPT_QUALITY_PACKETS', '50', 'quality.packets', 50],

  ['NETACCEPT_INGRESS', '[{name: shop}]', 'ingress', [{ name: 'shop' }]],

  ['NETACCEPT_EXTERNAL', '[{name: shop}]', 'external', [{ name: 'shop' }]],

  ['NETACCEPT_POLICY_OWN', 'true', 'policy.own', true],

  ['NETACCEPT_NODE_ABSENT_DEVICES', 'tunl0,vxlan9', 'node.absentDevices', ['tunl0', 'vxlan9']],
];
