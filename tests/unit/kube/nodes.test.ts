import type { V1Node } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { selectNodes } from '../../../src/kube/discover.ts';
import { someSettings } from './some-settings.ts';

function node(
  name: string,
  change: { labels?: Record<string, string>; spec?: V1Node['spec']; ready?: boolean } = {},
): V1Node {
  return {
    metadata: { name, labels: { 'kubernetes.io/os': 'linux', ...change.labels } },
    spec: change.spec ?? {},
    status: {
      conditions: [{ type: 'Ready', status: change.ready === false ? 'Unknown' : 'True' }],
      addresses: [
        { type: 'Hostname', address: name },
        { type: 'InternalIP', address: '10.0.0.1' },
        { type: 'InternalIP', address: 'fd00::1' },
        { type: 'ExternalIP', address: '192.0.2.7' },
      ],
    },
  };
}

describe('the Nodes under test', () => {
  test('are sorted bytewise and read with all that matters', () => {
    const spec = {
      podCIDRs: ['10.244.1.0/24', 'fd00:10::/64'],
      unschedulable: true,
      taints: [
        { key: 'a', value: 'b', effect: 'NoSchedule' },
        { key: 'c', effect: 'NoExecute' },
      ],
    };
    const labels = { 'topology.kubernetes.io/zone': 'z1' };
    const { nodes } = selectNodes(
      [node('b'), node('a', { spec, labels, ready: false }), node('B')],
      someSettings(),
    );
    expect(nodes.map(({ name }) => name)).toEqual(['B', 'a', 'b']);
    expect(nodes[1]).toEqual({
      name: 'a',
      uid: '',
      addresses: { v4: '10.0.0.1', v6: 'fd00::1' },
      podFamilies: ['v4', 'v6'],
      podCidrs: ['10.244.1.0/24', 'fd00:10::/64'],
      annotations: {},
      ready: false,
      schedulable: false,
      taints: ['a=b:NoSchedule', 'c:NoExecute'],
      zone: 'z1',
    });
  });

  test('leave out the others, each with its rule', () => {
    const tainted = node('d', { spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] } });
    const all = [
      node('a'),
      node('b', { labels: { pool: 'x' } }),
      node('c', { labels: { pool: 'x', 'kubernetes.io/os': 'windows' } }),
      node('e', { labels: { pool: 'x' } }),
    ];
    tainted.metadata = { name: 'd', labels: { pool: 'x' } };
    const settings = someSettings({
      nodes: { selector: 'pool=x', exclude: ['e'] },
      agents: { tolerations: [{ key: 'k', value: 'w' }] },
    });
    const { nodes, excluded } = selectNodes([...all, tainted], settings);
    expect(nodes.map(({ name }) => name)).toEqual(['b']);
    expect(excluded).toEqual([
      { node: 'a', rule: 'not selected by nodes.selector "pool=x"' },
      { node: 'c', rule: 'kubernetes.io/os=windows: the agents need Linux' },
      { node: 'd', rule: 'taint k=v:NoSchedule is not in agents.tolerations' },
      { node: 'e', rule: 'named in nodes.exclude' },
    ]);
  });

  test('keep a sick Node: what its condition taints say is no reason to leave it out', () => {
    const sick = node('a', {
      spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] },
    });
    const { nodes } = selectNodes([sick], someSettings({ agents: { tolerations: [] } }));
    expect(nodes).toHaveLength(1);
  });

  test('keep what CNIs announce, every InternalIP, and why a Node is not ready', () => {
    const sick = node('a', { ready: false });
    sick.metadata = {
      name: 'a',
      uid: 'u1',
      annotations: {
        'projectcalico.org/IPv4Address': '172.19.0.1/16',
        'flannel.alpha.coreos.com/public-ip': '10.0.0.1',
        'network.cilium.io/ipv4-cilium-host': '10.244.1.1',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
    };
    sick.status = {
      conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'no CNI' }],
      addresses: ['10.0.0.1', '10.9.0.1', 'fd00::1'].map((address) => ({ type: 'InternalIP', address })),
    };
    const [seen] = selectNodes([sick], someSettings()).nodes;
    expect(seen).toMatchObject({
      uid: 'u1',
      addresses: { v4: '10.0.0.1', v6: 'fd00::1' },
      otherAddresses: ['10.9.0.1'],
      ready: false,
      notReady: 'KubeletNotReady: no CNI',
      annotations: {
        'projectcalico.org/IPv4Address': '172.19.0.1/16',
        'flannel.alpha.coreos.com/public-ip': '10.0.0.1',
        'network.cilium.io/ipv4-cilium-host': '10.244.1.1',
      },
    });
    expect(Object.keys(seen?.annotations ?? {})).toHaveLength(3);
  });

  test('those left out are known as Nodes too: their networks are taken', () => {
    const spec = { podCIDRs: ['10.244.9.0/24'] };
    const settings = someSettings({ nodes: { selector: '', exclude: ['b'] } });
    const { nodes, outside } = selectNodes([node('a'), node('b', { spec })], settings);
    expect(nodes.map(({ name }) => name)).toEqual(['a']);
    expect(outside).toMatchObject([{ name: 'b', podCidrs: ['10.244.9.0/24'] }]);
  });

  test('if there are none, the error names the selector and who was left out', () => {
    const settings = someSettings({ nodes: { selector: 'pool=x', exclude: ['b'] } });
    expect(() => selectNodes([node('b'), node('a')], settings)).toThrow(
      'no Node is left to test: left out are a (not selected by nodes.selector "pool=x"), b (named in nodes.exclude)',
    );
    expect(() => selectNodes([], settings)).toThrow('no Node is left to test: the cluster has none');
  });
});
