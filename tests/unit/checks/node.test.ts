import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { node } from '../../../src/checks/node.ts';
import type { CaseVerdict } from '../../../src/model.ts';
import { device, type Found, idsOf, routeTo, type Scene, verdictsIn, wayTo } from './node-cluster.ts';

describe('expand', () => {
  test('11 cases per dual-stack Node, 10 of them read on it', () => {
    const cases = node.expand(dualStack(4), settings());
    expect(cases).toHaveLength(4 * 11);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(cases.filter(({ source }) => source.node === 'node-2').map(({ id }) => id)).toEqual([
      'on-node/node node-2 → PodCIDRs',
      'on-node/node node-2 → tunnel devices',
      "on-node/node/v4 node-2 → routes to the other Nodes' pods",
      "on-node/node/v6 node-2 → routes to the other Nodes' pods",
      'on-node/node/v4 node-2 → routes of Nodes that are gone',
      'on-node/node/v6 node-2 → routes of Nodes that are gone',
      'on-node/node node-2 → MTU of devices',
      'on-node/node/v4 node-2 → IP forwarding',
      'on-node/node/v6 node-2 → IP forwarding',
      'on-node/node node-2 → conntrack table',
      'on-node/node node-2 → kube-proxy health',
    ]);
  });

  test('without host-network agents only what the API says is left', () => {
    const cases = node.expand(
      dualStack(2),
      settings((draft) => {
        draft.agents.hostNetwork = false;
      }),
    );
    const left = cases.filter(({ skip }) => skip === undefined);
    expect(left.map(({ about }) => about?.fact)).toEqual(['pod-cidrs', 'pod-cidrs']);
  });

  test('BGP only with Calico and no VXLAN, unless the settings say otherwise; a wanted rp_filter is a case', () => {
    const facts = (scene: Scene) =>
      new Set([...verdictsIn(scene).values()].map((each) => each.case.about?.fact));
    const calico = (key: string) => (draft: { nodes: { annotations: Record<string, string> }[] }) => {
      for (const each of draft.nodes) each.annotations[`projectcalico.org/${key}`] = '172.30.0.2/24';
    };
    expect(facts({ topology: calico('IPv4Address') })).toContain('bgp');
    expect(facts({ topology: calico('IPv4VXLANTunnelAddr') })).not.toContain('bgp');
    expect(
      facts({
        settings: (draft) => {
          draft.node.bgp = 'required';
        },
      }),
    ).toContain('bgp');
    expect(
      facts({
        settings: (draft) => {
          draft.node.kubeProxy = 'ignored';
        },
      }),
    ).not.toContain('kube-proxy');
    expect(
      facts({
        settings: (draft) => {
          draft.node.rpFilter = 'loose';
        },
      }),
    ).toContain('rp-filter');
  });
});

test('a Node without a host-network agent is errored for what is read there, and judged for the rest', () => {
  const verdicts = verdictsIn({
    topology: ({ agents }) => {
      for (const agent of agents) if (agent.pod === 'host-prober-3') agent.ready = false;
    },
  });
  const errored = idsOf(verdicts, 'errored');
  expect(errored).toHaveLength(10);
  expect(errored.every((id) => id.includes('node-3 → '))).toBe(true);
  expect(verdicts.get('node-3 → PodCIDRs')?.verdict).toBe('passed');
  expect(idsOf(verdicts, 'failed')).toEqual([]);
});

test('an agent that says it read something and tells nothing is not believed', () => {
  const verdicts = verdictsIn({
    found: (found) => {
      delete found['node-2 → conntrack table'];
    },
  });
  expect(idsOf(verdicts, 'errored')).toEqual(['node-2 → conntrack table']);
});

test('where no other Node could be read there is nothing to compare with: errored, not green', () => {
  const verdicts = verdictsIn({
    found: (found) => {
      for (const id of Object.keys(found)) if (!id.includes('node-1 ')) delete found[id];
    },
  });
  const own = idsOf(verdicts, 'errored').filter((id) => id.includes('node-1 '));
  expect(own).toEqual([
    'node-1 → MTU of devices',
    'node-1 → tunnel devices',
    "v4 node-1 → routes to the other Nodes' pods",
    "v6 node-1 → routes to the other Nodes' pods",
  ]);
});

test('a cluster of one Node has nobody to compare with, and is green', () => {
  expect(idsOf(verdictsIn({ nodes: 1 }), 'passed')).toHaveLength(9);
});

const TUNNELS = (n: number) => `node-${n} → tunnel devices`;
const ROUTES = (n: number) => `v4 node-${n} → routes to the other Nodes' pods`;
const LEFT = (n: number) => `v4 node-${n} → routes of Nodes that are gone`;

type Row = [name: string, scene: Scene, red: string[], sentence: string];

const change = (id: string, value: unknown) => (found: Found) => {
  found[id] = value;
};

const rows: Row[] = [
  // Devices
  [
    'a leftover with a route',
    {
      found: change(TUNNELS(2), {
        devices: [
          device('vxlan0', 'vxlan'),
          device('tunl0', 'ipip', { addresses: ['10.244.9.1/32'], routes: 1 }),
        ],
      }),
    },
    [TUNNELS(2)],
    'tunl0 (ipip) is there (up, 10.244.9.1/32, 1 route), and node-1, node-3, node-4 are not so: left over, or broken?',
  ],
  [
    'a leftover that is down but has an address',
    {
      found: change(TUNNELS(2), {
        devices: [
          device('vxlan0', 'vxlan'),
          device('tunl0', 'ipip', { up: false, addresses: ['10.244.9.1/32'], routes: 0 }),
        ],
      }),
    },
    [TUNNELS(2)],
    'tunl0 (ipip) is there (down, 10.244.9.1/32, 0 routes), and node-1, node-3, node-4 are not so: left over, or broken?',
  ],
  [
    'a missing vxlan device',
    { found: change(TUNNELS(3), { devices: [] }) },
    [TUNNELS(3)],
    'vxlan0 is absent, node-1, node-2, node-4 have it',
  ],
  [
    'a vxlan device that is down',
    { found: change(TUNNELS(3), { devices: [device('vxlan0', 'vxlan', { up: false, routes: 0 })] }) },
    [TUNNELS(3)],
    'vxlan0 is down, node-1, node-2, node-4 have it',
  ],
  [
    'of two Nodes that differ, both',
    { nodes: 2, found: change(TUNNELS(2), { devices: [] }) },
    [TUNNELS(1), TUNNELS(2)],
    'vxlan0 (vxlan) is there (up, no address, 6 routes), and node-2 is not so: left over, or broken?',
  ],
  [
    'a forbidden device on all Nodes',
    {
      settings: (draft) => {
        draft.node.absentDevices = ['tunl0'];
      },
      found: (found) => {
        for (let n = 1; n <= 4; n++) found[TUNNELS(n)] = { devices: [device('tunl0', 'ipip')] };
      },
    },
    [1, 2, 3, 4].map(TUNNELS),
    'tunl0 (ipip) is there (up, no address, 6 routes), though node.absentDevices says that no Node may have it',
  ],
  [
    'a wanted device on no Node',
    {
      settings: (draft) => {
        draft.node.presentDevices = ['wireguard.cali'];
      },
    },
    [1, 2, 3, 4].map(TUNNELS),
    'wireguard.cali is absent, though node.presentDevices wants it',
  ],
  // Routes
  [
    'no route at all',
    {
      found: change(ROUTES(1), {
        ways: [
          { ...wayTo('node-2'), lookup: { address: '10.244.2.2', error: 'Network is unreachable' } },
          wayTo('node-3'),
          wayTo('node-4'),
        ],
      }),
    },
    [ROUTES(1)],
    'no route to the pods of node-2 (10.244.2.2): Network is unreachable',
  ],
  [
    'a route that is missing, so that the default route takes its packets',
    {
      found: change(ROUTES(1), {
        ways: [
          {
            ...wayTo('node-2', true, { device: 'eth0', gateway: '172.30.0.254' }, 'default'),
            devices: [{ name: 'eth0', kind: '', up: true }],
          },
          wayTo('node-3'),
          wayTo('node-4'),
        ],
      }),
    },
    [ROUTES(1)],
    'the pods of node-2 (10.244.2.2) are routed via 172.30.0.254 dev eth0 (default) (the default route), elsewhere it is through vxlan0',
  ],
  [
    'a route by a stranger',
    {
      found: change(ROUTES(1), {
        ways: [wayTo('node-2', true, { gateway: '10.244.4.0' }), wayTo('node-3'), wayTo('node-4')],
      }),
    },
    [ROUTES(1)],
    'the pods of node-2 (10.244.2.2) are routed via 10.244.4.0 dev vxlan0 (10.244.2.0/24), which is node-4, not node-2',
  ],
  [
    'a route by some router',
    {
      found: change(ROUTES(1), {
        ways: [
          {
            ...wayTo('node-2', true, { device: 'eth0', gateway: '172.30.0.254' }),
            devices: [{ name: 'eth0', kind: '', up: true }],
          },
          wayTo('node-3'),
          wayTo('node-4'),
        ],
      }),
    },
    [ROUTES(1)],
    'the pods of node-2 (10.244.2.2) are routed via 172.30.0.254 dev eth0 (10.244.2.0/24) (by a router), elsewhere it is through vxlan0',
  ],
  [
    'a blackhole',
    {
      found: change(ROUTES(1), {
        ways: [
          {
            ...wayTo('node-2'),
            lookup: {
              address: '10.244.2.2',
              route: { to: '10.244.2.0/24', type: 'blackhole', protocol: 'boot', hops: [] },
            },
          },
          wayTo('node-3'),
          wayTo('node-4'),
        ],
      }),
    },
    [ROUTES(1)],
    'the route to the pods of node-2 (10.244.2.2) is blackhole 10.244.2.0/24',
  ],
  [
    'a route through a forbidden device',
    {
      settings: (draft) => {
        draft.node.absentDevices = ['tunl0'];
      },
      found: change(ROUTES(1), {
        ways: [
          {
            ...wayTo('node-2', true, { device: 'tunl0' }),
            devices: [{ name: 'tunl0', kind: 'ipip', up: true }],
          },
          wayTo('node-3'),
          wayTo('node-4'),
        ],
      }),
    },
    [ROUTES(1)],
    'the pods of node-2 (10.244.2.2) are routed through tunl0, which node.absentDevices forbids',
  ],
  [
    'a route of a Node that is gone',
    {
      found: (found) =>
        (found[LEFT(4)] as { routes: unknown[] }).routes.push(routeTo('10.244.9.0/24', 'vxlan0')),
    },
    [LEFT(4)],
    'route 10.244.9.0/24 dev vxlan0 (protocol boot) leads to no Node of this cluster',
  ],
  // MTU
  [
    'another MTU',
    {
      found: change('node-2 → MTU of devices', {
        devices: [
          { name: 'vxlan0', mtu: 1400, uplink: false },
          { name: 'ens3', mtu: 1500, uplink: true },
        ],
      }),
    },
    ['node-2 → MTU of devices'],
    'MTU of vxlan0 is 1400, but 1450 on node-1, 1450 on node-3, 1450 on node-4',
  ],
  // Switches
  [
    'no forwarding',
    {
      found: change('v4 node-2 → IP forwarding', {
        forwarding: { 'net.ipv4.ip_forward': '0' },
        rpFilter: {},
      }),
    },
    ['v4 node-2 → IP forwarding'],
    'net.ipv4.ip_forward is 0, must be 1: the Node forwards no IPv4 packets of pods there',
  ],
  [
    'a strict filter where none is wanted',
    {
      settings: (draft) => {
        draft.node.rpFilter = 'loose';
      },
      found: change('node-2 → reverse path filter', { forwarding: {}, rpFilter: { eth0: '1' } }),
    },
    ['node-2 → reverse path filter'],
    'rp_filter of eth0 is 1 (strict), node.rpFilter wants it loose (2) or off (0)',
  ],
  [
    'a full conntrack table',
    { found: change('node-2 → conntrack table', { count: 900, max: 1000 }) },
    ['node-2 → conntrack table'],
    '900 of 1000 connections are tracked (90.0 %), node.maxConntrackPercent allows 80 %',
  ],
  // Programs
  [
    'a dead kube-proxy',
    { found: change('node-2 → kube-proxy health', { state: 'none', detail: 'ECONNREFUSED' }) },
    ['node-2 → kube-proxy health'],
    'no kube-proxy at 127.0.0.1:10256/healthz, node-1, node-3, node-4 have one',
  ],
  [
    'a sick kube-proxy',
    { found: change('node-2 → kube-proxy health', { state: 'unhealthy', detail: 'HTTP 503' }) },
    ['node-2 → kube-proxy health'],
    'kube-proxy says that it is not healthy (127.0.0.1:10256/healthz: HTTP 503)',
  ],
  [
    'a dead BGP daemon',
    {
      settings: (draft) => {
        draft.node.bgp = 'required';
      },
      found: (found) => {
        found['node-2 → BGP'] = { listens: false, sessions: [], dialled: [] };
        for (const [id, said] of Object.entries(found)) {
          if (!id.endsWith('→ BGP')) continue;
          for (const peer of (said as { dialled: { node: string; outcome: string }[] }).dialled)
            if (peer.node === 'node-2') peer.outcome = 'refused';
        }
      },
    },
    ['node-2 → BGP'],
    'nobody listens on TCP 179 here, node.bgp requires it',
  ],
  [
    'a BGP port that one Node cannot reach',
    {
      settings: (draft) => {
        draft.node.bgp = 'required';
      },
      found: (found) => {
        const [first] = (found['node-3 → BGP'] as { dialled: { outcome: string }[] }).dialled;
        if (first) first.outcome = 'timed-out';
      },
    },
    ['node-3 → BGP'],
    'BGP port 179 of node-1 (172.30.0.2): timed-out',
  ],
  // PodCIDRs
  [
    'overlapping PodCIDRs',
    {
      topology: ({ nodes }) => {
        for (const each of nodes)
          if (each.name === 'node-2') each.podCidrs = ['10.244.0.0/23', 'fd00:244:2::/64'];
      },
    },
    ['node-1 → PodCIDRs', 'node-2 → PodCIDRs'],
    'PodCIDR 10.244.1.0/24 overlaps with 10.244.0.0/23 of node-2',
  ],
  [
    'a missing PodCIDR',
    {
      topology: ({ nodes }) => {
        for (const each of nodes)
          if (each.name === 'node-2')
            Object.assign(each, { podCidrs: ['10.244.2.0/24'], podFamilies: ['v4'] });
      },
    },
    ['node-2 → PodCIDRs'],
    'node-2 has no IPv6 PodCIDR, other Nodes have one',
  ],
  [
    'a Node within a PodCIDR',
    {
      topology: ({ nodes, agents }) => {
        for (const each of nodes)
          if (each.name === 'node-2') each.podCidrs = ['172.30.0.0/24', 'fd00:244:2::/64'];
        for (const agent of agents)
          if (agent.node === 'node-2' && agent.network === 'pod') agent.addresses.v4 = '172.30.0.99';
      },
    },
    ['node-2 → PodCIDRs'],
    'PodCIDR 172.30.0.0/24 holds 172.30.0.2, the InternalIP of node-1; PodCIDR 172.30.0.0/24 holds 172.30.0.3, the InternalIP of node-2; PodCIDR 172.30.0.0/24 holds 172.30.0.4, the InternalIP of node-3; PodCIDR 172.30.0.0/24 holds 172.30.0.5, the InternalIP of node-4',
  ],
];

describe('what is wrong turns exactly its own case red', () => {
  test.each(rows)('%s', (_name, scene, red, sentence) => {
    const verdicts = verdictsIn(scene);
    expect(idsOf(verdicts, 'failed')).toEqual(red);
    expect(idsOf(verdicts, 'errored')).toEqual([]);
    expect(verdicts.get(red[0] ?? '')?.sentence).toBe(sentence);
  });
});

const fine: [name: string, scene: Scene, id: string, sentence: string][] = [
  [
    'a module’s own tunl0, down and bare',
    {
      settings: (draft) => {
        draft.node.absentDevices = ['tunl0'];
      },
      found: change(TUNNELS(2), {
        devices: [device('vxlan0', 'vxlan'), device('tunl0', 'ipip', { up: false, routes: 0 })],
      }),
    },
    TUNNELS(2),
    'vxlan0 (vxlan), as on the other Nodes',
  ],
  [
    'a VPN that the settings know',
    {
      settings: (draft) => {
        draft.node.ignoreDevices = ['wg*'];
      },
      found: change(TUNNELS(2), { devices: [device('vxlan0', 'vxlan'), device('wg0', 'wireguard')] }),
    },
    TUNNELS(2),
    'vxlan0 (vxlan), wg0 (wireguard), as on the other Nodes',
  ],
  [
    'kube-router’s tunnels, named for their far ends',
    { found: change(TUNNELS(2), { devices: [device('vxlan0', 'vxlan'), device('tun-1721', 'ipip')] }) },
    TUNNELS(2),
    'vxlan0 (vxlan), tun-1721 (ipip), as on the other Nodes',
  ],
  [
    'a route that a person made beside the pods’ networks',
    {
      found: (found) =>
        (found[LEFT(4)] as { routes: unknown[] }).routes.push(
          routeTo('10.244.200.0/24', 'eth0', { overlay: false, protocol: 'static' }),
        ),
    },
    LEFT(4),
    "all 5 routes into the pods' network 10.244.0.0/16 lead to Nodes of this cluster",
  ],
  [
    'a route to a Node that a rule leaves out',
    {
      topology: (topology) => {
        const [like] = topology.nodes;
        if (like)
          topology.outside = [
            { ...like, name: 'win-1', addresses: { v4: '172.30.0.9' }, podCidrs: ['10.244.9.0/24'] },
          ];
      },
      found: (found) =>
        (found[LEFT(4)] as { routes: unknown[] }).routes.push(routeTo('10.244.9.0/24', 'vxlan0')),
    },
    LEFT(4),
    "all 5 routes into the pods' network 10.244.0.0/16 lead to Nodes of this cluster",
  ],
  [
    'routes on the same wire beside an overlay between subnets',
    {
      found: change(ROUTES(1), {
        ways: [
          {
            ...wayTo('node-2', true, { device: 'eth0', gateway: '172.30.0.3' }),
            devices: [{ name: 'eth0', kind: '', up: true }],
          },
          wayTo('node-3'),
          wayTo('node-4'),
        ],
      }),
    },
    ROUTES(1),
    'node-2 via 172.30.0.3 dev eth0 (10.244.2.0/24), node-3 via 10.244.3.0 dev vxlan0 (10.244.3.0/24), node-4 via 10.244.4.0 dev vxlan0 (10.244.4.0/24)',
  ],
  [
    'no conntrack at all',
    { found: change('node-2 → conntrack table', { count: null, max: null }) },
    'node-2 → conntrack table',
    'the Node tracks no connections: no table that could fill up',
  ],
  [
    'a strict filter is told',
    {},
    'v4 node-2 → IP forwarding',
    'net.ipv4.ip_forward is 1; rp_filter is strict on eth0',
  ],
  [
    'a cluster without kube-proxy',
    {
      found: (found) => {
        for (let n = 1; n <= 4; n++) found[`node-${n} → kube-proxy health`] = { state: 'none', detail: '' };
      },
    },
    'node-2 → kube-proxy health',
    'no Node has a kube-proxy at 127.0.0.1:10256/healthz: this cluster does without one',
  ],
];

describe('what is no fault stays green', () => {
  test.each(fine)('%s', (_name, scene, id, sentence) => {
    const verdicts = verdictsIn(scene);
    expect(idsOf(verdicts, 'failed')).toEqual([]);
    expect(idsOf(verdicts, 'errored')).toEqual([]);
    expect((verdicts.get(id) as CaseVerdict).sentence).toBe(sentence);
  });
});
