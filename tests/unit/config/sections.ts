// What each check's section of the configuration is by default, what fixtures/configs/good/full.yaml sets in
// it, and the variables for it: one block per section, so that a check's keys are tested in one place.
import type { Settings } from '../../../src/model.ts';

type Sections = Pick<
  Settings,
  'services' | 'dns' | 'udpPort' | 'mtu' | 'quality' | 'ingress' | 'external' | 'policy' | 'node' | 'report'
>;

/** Variable, its text, the setting's path, its value. */
type Row = [variable: string, text: string, path: string, value: unknown];

export const sectionDefaults: Sections = {
  services: { requests: 10, settleMs: 5000, localBlocked: true, hostPort: 0, named: [] },

  dns: {
    domain: 'cluster.local',
    namespace: 'kube-system',
    selector: 'k8s-app=kube-dns',
    nodeLocal: '',
    servers: [],
    names: [],
  },

  udpPort: { ports: [], vxlan: false },

  mtu: { pod: 0, node: 0, bytes: 65_536 },

  quality: { packets: 10, sourcePorts: 5, sourcePortBase: 0, maxLossPercent: 10, maxRttP95Ms: 0 },

  ingress: [],

  external: [],

  policy: { own: false, settleMs: 10_000, blocked: [] },

  node: {
    absentDevices: [],
    presentDevices: [],
    ignoreDevices: [],
    podNetworks: [],
    announcedNetworks: [],
    maxConntrackPercent: 80,
    rpFilter: 'any',
    kubeProxy: 'auto',
    bgp: 'auto',
  },

  report: { junit: { casesPerFile: 20_000, groupAbove: 100_000, textLimit: 10_000 } },
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

  dns: {
    domain: 'k8s.example.org',
    namespace: 'dns',
    selector: 'app=coredns',
    nodeLocal: '169.254.20.10',
    servers: [
      { name: '192.0.2.53', address: '192.0.2.53', port: 53 },
      { name: '[2001:db8::53]:5353', address: '2001:db8::53', port: 5353 },
    ],
    names: [
      { name: 'www.example.org', type: 'A', expect: ['192.0.2.80'] },
      { name: '_ldap._tcp.example.org', type: 'SRV', expect: [] },
    ],
  },

  udpPort: { ports: [4790, 8472], vxlan: true },

  mtu: { pod: 1400, node: 1500, bytes: 20_000 },

  quality: { packets: 100, sourcePorts: 10, sourcePortBase: 40_000, maxLossPercent: 1, maxRttP95Ms: 250 },

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

  node: {
    absentDevices: ['tunl0'],
    presentDevices: ['vxlan.calico'],
    ignoreDevices: ['wg0', 'tun*'],
    podNetworks: ['10.244.0.0/16', 'fd00:10:244::/48'],
    announcedNetworks: ['192.0.2.0/24'],
    maxConntrackPercent: 50,
    rpFilter: 'loose',
    kubeProxy: 'required',
    bgp: 'ignored',
  },

  report: { junit: { casesPerFile: 500, groupAbove: 0, textLimit: 2000 } },
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
  ['NETACCEPT_SERVICES_LOCAL_BLOCKED', 'false', 'services.localBlocked', false],
  ['NETACCEPT_SERVICES_HOST_PORT', '29804', 'services.hostPort', 29_804],
  ['NETACCEPT_SERVICES_NAMED', '[{service: a/b:80}]', 'services.named', [{ service: 'a/b:80' }]],

  ['NETACCEPT_DNS_DOMAIN', 'c.example.org', 'dns.domain', 'c.example.org'],
  ['NETACCEPT_DNS_NAMESPACE', 'dns', 'dns.namespace', 'dns'],
  ['NETACCEPT_DNS_SELECTOR', 'app=dns', 'dns.selector', 'app=dns'],
  ['NETACCEPT_DNS_NODE_LOCAL', 'fd00::53', 'dns.nodeLocal', 'fd00::53'],
  [
    'NETACCEPT_DNS_SERVERS',
    '192.0.2.53:5353, 2001:db8::53',
    'dns.servers',
    [
      { name: '192.0.2.53:5353', address: '192.0.2.53', port: 5353 },
      { name: '2001:db8::53', address: '2001:db8::53', port: 53 },
    ],
  ],
  [
    'NETACCEPT_DNS_NAMES',
    '[{name: example.org}]',
    'dns.names',
    [{ name: 'example.org', type: 'A', expect: [] }],
  ],

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

  ['NETACCEPT_INGRESS', '[{name: db, tcp: 5432, address: nodes}]', 'ingress', [databaseAtNodes]],

  [
    'NETACCEPT_EXTERNAL',
    "[{name: gateway, icmp: '192.0.2.1'}]",
    'external',
    sectionsInFull.external.slice(4),
  ],

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
  ['NETACCEPT_NODE_PRESENT_DEVICES', 'vxlan.calico', 'node.presentDevices', ['vxlan.calico']],
  ['NETACCEPT_NODE_IGNORE_DEVICES', 'wg0,tun*', 'node.ignoreDevices', ['wg0', 'tun*']],
  ['NETACCEPT_NODE_POD_NETWORKS', '10.0.0.0/8', 'node.podNetworks', ['10.0.0.0/8']],
  ['NETACCEPT_NODE_ANNOUNCED_NETWORKS', '192.0.2.0/24', 'node.announcedNetworks', ['192.0.2.0/24']],
  ['NETACCEPT_NODE_MAX_CONNTRACK_PERCENT', '90', 'node.maxConntrackPercent', 90],
  ['NETACCEPT_NODE_RP_FILTER', 'loose', 'node.rpFilter', 'loose'],
  ['NETACCEPT_NODE_KUBE_PROXY', 'ignored', 'node.kubeProxy', 'ignored'],
  ['NETACCEPT_NODE_BGP', 'required', 'node.bgp', 'required'],

  ['NETACCEPT_REPORT_JUNIT_CASES_PER_FILE', '1000', 'report.junit.casesPerFile', 1000],
  ['NETACCEPT_REPORT_JUNIT_GROUP_ABOVE', '5000', 'report.junit.groupAbove', 5000],
  ['NETACCEPT_REPORT_JUNIT_TEXT_LIMIT', '400', 'report.junit.textLimit', 400],
];
