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

  policy: { own: false },

  node: { absentDevices: [] },
};

export const sectionsInFull: Sections = {
  services: { requests: 3, settleMs: 1000 },

  dns: { domain: 'k8s.example.org', namespace: 'dns', selector: 'app=coredns' },

  udpPort: { ports: [4789, 8472] },

  mtu: { pod: 1400, node: 1500 },

  quality: { packets: 100 },

  ingress: [
    {
      name: 'shop',
      from: ['pod', 'host'],
      at: 'nodes',
      placed: true,
      question: {
        protocol: 'https',
        port: 30443,
        host: 'shop.example.test:8443',
        path: '/health?deep=1',
        status: [200, 204],
        body: 'ok',
        tls: { name: 'shop.example.org', insecure: true },
      },
    },
    {
      name: 'db',
      from: ['pod'],
      families: ['v4'],
      at: ['10.0.0.5', 'db.example.test'],
      placed: true,
      question: { protocol: 'tcp', port: 5432 },
    },
  ],

  external: [
    {
      name: 'site',
      from: ['host'],
      families: ['v6'],
      at: ['www.example.test'],
      placed: false,
      question: { protocol: 'http', port: 80, host: 'www.example.test', path: '/', status: [301] },
    },
    {
      name: 'address',
      from: ['pod', 'host'],
      at: ['2001:db8::1'],
      placed: false,
      question: {
        protocol: 'https',
        port: 443,
        host: '[2001:db8::1]',
        path: '/',
        status: [200],
        tls: { name: '2001:db8::1', insecure: false },
      },
    },
    {
      name: 'git',
      from: ['pod', 'host'],
      at: ['git.example.test'],
      placed: false,
      question: { protocol: 'tcp', port: 22, reply: 'SSH-2.0' },
    },
    {
      name: 'time',
      from: ['pod', 'host'],
      at: ['2001:db8::123'],
      placed: false,
      question: { protocol: 'udp', port: 123, send: '\x1b\0\xff', reply: 'x' },
    },
    {
      name: 'gateway',
      from: ['pod', 'host'],
      at: ['192.0.2.1'],
      placed: false,
      question: { protocol: 'icmp', port: 0 },
    },
  ],

  policy: { own: true },

  node: { absentDevices: ['tunl0'] },
};

const databaseAtNodes = {
  name: 'db',
  from: ['pod', 'host'],
  at: 'nodes',
  placed: true,
  question: { protocol: 'tcp', port: 5432 },
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

  ['NETACCEPT_INGRESS', '[{name: db, tcp: 5432, address: nodes}]', 'ingress', [databaseAtNodes]],

  [
    'NETACCEPT_EXTERNAL',
    "[{name: gateway, icmp: '192.0.2.1'}]",
    'external',
    sectionsInFull.external.slice(4),
  ],

  ['NETACCEPT_POLICY_OWN', 'true', 'policy.own', true],

  ['NETACCEPT_NODE_ABSENT_DEVICES', 'tunl0,vxlan9', 'node.absentDevices', ['tunl0', 'vxlan9']],
];
