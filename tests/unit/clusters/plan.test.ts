import { describe, expect, test } from 'vitest';
import { overlap } from '../../../fixtures/clusters/local/network.ts';
import { apiServerUrl, planCluster, SLOTS } from '../../../fixtures/clusters/local/plan.ts';

const dual = { name: 'demo', nodes: 12, ip: 'dual' } as const;

describe('the plan of a local cluster', () => {
  test('gives a dual-stack Node its addresses, container and ranges', () => {
    expect(planCluster(dual, 0).nodes[1]).toEqual({
      name: 'node-2',
      container: 'demo-node-2',
      controlPlane: false,
      addresses: { v4: '172.29.0.12', v6: 'fd00:29:1::12' },
      dockerV4: '172.29.0.12',
      podCidrs: ['10.244.2.0/24', 'fd00:10:244:2::/64'],
      overlayMac: '02:6e:61:00:00:02',
    });
  });

  test.each([
    {
      ip: 'dual',
      services: ['10.96.0.0/16', 'fd00:10:96::/112'],
      dns: ['10.96.0.10', 'fd00:10:96::a'],
      api: 'https://172.29.0.11:6443',
      mtu: 1450,
    },
    {
      ip: 'ipv4',
      services: ['10.96.0.0/16'],
      dns: ['10.96.0.10'],
      api: 'https://172.29.0.11:6443',
      mtu: 1450,
    },
    {
      ip: 'ipv6',
      services: ['fd00:10:96::/112'],
      dns: ['fd00:10:96::a'],
      api: 'https://[fd00:29:1::11]:6443',
      mtu: 1430,
    },
  ] as const)(
    'has services, DNS and API server in the families of --ip $ip',
    ({ ip, services, dns, api, mtu }) => {
      const plan = planCluster({ ...dual, ip }, 0);
      expect(plan.serviceCidrs).toEqual(services);
      expect(plan.dnsIps).toEqual(dns);
      expect(apiServerUrl(plan)).toBe(api);
      expect(plan.overlayMtu).toBe(mtu);
      for (const node of plan.nodes) {
        expect(node.podCidrs).toHaveLength(services.length);
        expect(Object.keys(node.addresses)).toHaveLength(services.length);
      }
    },
  );

  test('has one control plane, the first Node', () => {
    const plan = planCluster(dual, 0);
    expect(plan.nodes.filter((node) => node.controlPlane).map((node) => node.name)).toEqual(['node-1']);
  });

  test('spells IPv6 addresses as Kubernetes does', () => {
    const plans = Array.from({ length: SLOTS }, (_, slot) => planCluster(dual, slot));
    for (const address of plans.flatMap((plan) => [
      ...plan.dnsIps,
      ...plan.nodes.map((node) => node.addresses.v6),
    ])) {
      if (address?.includes(':')) {
        expect(new URL(`http://[${address}]`).hostname).toBe(`[${address}]`);
      }
    }
  });

  test('never gives two clusters, or two purposes, the same range', () => {
    const ranges = Array.from({ length: SLOTS }, (_, slot) => planCluster(dual, slot)).flatMap((plan) => [
      plan.network.v4.cidr,
      plan.network.v6?.cidr ?? '',
      ...plan.podCidrs,
      ...plan.serviceCidrs,
    ]);
    const clashes = ranges.flatMap((a, index) =>
      ranges
        .slice(index + 1)
        .filter((b) => overlap(a, b))
        .map((b) => [a, b]),
    );
    expect(clashes).toEqual([]);
  });

  test('keeps each Node’s pods inside the cluster’s range and apart from the others’', () => {
    const plan = planCluster(dual, 3);
    const ranges = plan.nodes.flatMap((node) => node.podCidrs);
    for (const [index, range] of ranges.entries()) {
      expect(plan.podCidrs.filter((whole) => overlap(whole, range))).toHaveLength(1);
      expect(ranges.slice(index + 1).filter((other) => overlap(range, other))).toEqual([]);
    }
  });
});

describe('overlap', () => {
  test.each([
    ['172.29.0.0/24', '172.29.0.128/25', true],
    ['172.29.0.0/24', '172.16.0.0/12', true],
    ['172.29.0.0/24', '172.29.1.0/24', false],
    ['fd00:29:1::/64', 'fd00::/8', true],
    ['fd00:29:1::/64', 'fd00:29:2::/64', false],
    ['0.0.0.0/0', '::/0', false],
  ])('of %s and %s is %s', (a, b, expected) => {
    expect(overlap(a, b)).toBe(expected);
    expect(overlap(b, a)).toBe(expected);
  });
});
