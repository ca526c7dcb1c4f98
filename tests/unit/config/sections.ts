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

  udpPort: { ports: [] },

  mtu: { pod: 0, node: 0 },

  quality: { packets: 10 },

  ingress: [],

  external: [],

  policy: { own: false, settleMs: 10_000, blocked: [] },

  node: { absentDevices: [] },
};

export const sectionsInFull: Sections = {
  services: { requests: 3, settleMs: 1000 },

  dns: { domain: 'k8s.example.org', namespace: 'dns', selector: 'app=coredns' },

  udpPort: { ports: [4789, 8472] },

  mtu: { pod: 1400, node: 1500 },

  quality: { packets: 100 },

  ingress: [{ name: 'shop' }],

  external: [{ name: 'registry' }],

  policy: {
    own: true,
    settleMs: 30_000,
    blocked: [
      {
        name: 'payroll',
        target: { namespace: 'payroll', service: 'db', port: 5432 },
        protocol: 'tcp',
        from: 'pod',
        answersOn: '',
        payload: '',
      },
      {
        name: 'snmp',
        target: { host: 'fd00::7', port: 161 },
        protocol: 'udp',
        from: 'node',
        answersOn: 'node-b',
        payload: '3029',
      },
      {
        name: 'metadata',
        target: { host: 'metadata.example.org', port: 80 },
        protocol: 'tcp',
        from: 'pod',
        answersOn: '',
        payload: '',
      },
    ],
  },

  node: { absentDevices: ['tunl0'] },
};

export const sectionVariables: Row[] = [
  ['NETACCEPT_SERVICES_REQUESTS', '20', 'services.requests', 20],
  ['NETACCEPT_SERVICES_SETTLE', '2s', 'services.settleMs', 2000],

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
  ['NETACCEPT_POLICY_SETTLE', '1m', 'policy.settleMs', 60_000],
  [
    'NETACCEPT_POLICY_BLOCKED',
    '[{name: a, target: "10.0.0.7:80"}]',
    'policy.blocked',
    [
      {
        name: 'a',
        target: { host: '10.0.0.7', port: 80 },
        protocol: 'tcp',
        from: 'pod',
        answersOn: '',
        payload: '',
      },
    ],
  ],

  ['NETACCEPT_NODE_ABSENT_DEVICES', 'tunl0,vxlan9', 'node.absentDevices', ['tunl0', 'vxlan9']],
];
