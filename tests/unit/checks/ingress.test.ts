import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { ingress } from '../../../src/checks/ingress.ts';
import type { Settings, TargetSettings, Topology } from '../../../src/model.ts';
import { target, web } from './targets.ts';

const shop = target('shop', { at: 'nodes', placed: true, question: web });

function configured(...targets: TargetSettings[]): Settings {
  return settings((draft) => {
    draft.ingress = targets;
  });
}

const ids = (topology: Topology, chosen: Settings) =>
  ingress.expand(topology, chosen).map((entry) => entry.id);

describe('cases', () => {
  test('there are none without targets', () => {
    expect(ids(dualStack(4), settings())).toEqual([]);
    expect(ingress.controls(settings())).toEqual([]);
  });

  test('at the Nodes: every source, every Node, every family', () => {
    const cases = ingress.expand(dualStack(3), configured(shop));
    expect(cases).toHaveLength(2 * 3 * 3 * 2);
    expect(new Set(cases.map((entry) => entry.id)).size).toBe(cases.length);
    expect(cases[1]).toEqual({
      id: 'pod-to-ingress/ingress/v6 node-1 → shop at node-1',
      check: 'ingress',
      path: 'pod-to-ingress',
      family: 'v6',
      source: { cluster: 'c', node: 'node-1', network: 'pod' },
      target: { cluster: 'c', name: 'shop at node-1', node: 'node-1', network: 'host' },
      locality: 'same-node',
      about: { target: 'shop', protocol: 'https', at: 'node-1' },
    });
    expect(cases.at(-1)?.id).toBe('node-to-ingress/ingress/v6 node-3 → shop at node-3');
  });

  test('at a family that only the Nodes have, pods are not expected to start', () => {
    const topology = dualStack(1);
    for (const node of topology.nodes) node.podFamilies = ['v4'];
    for (const agent of topology.agents) if (agent.network === 'pod') delete agent.addresses.v6;
    expect(ids(topology, configured(shop))).toEqual([
      'pod-to-ingress/ingress/v4 node-1 → shop at node-1',
      'node-to-ingress/ingress/v4 node-1 → shop at node-1',
      'node-to-ingress/ingress/v6 node-1 → shop at node-1',
    ]);
  });

  test('at addresses and names: as they were written, an address in its own family', () => {
    const db = target('db', { at: ['10.0.0.5', 'fd00::5', 'db.test'], placed: true, from: ['pod'] });
    expect(ids(dualStack(1), configured(db))).toEqual([
      'pod-to-ingress/ingress/v4 node-1 → db at 10.0.0.5',
      'pod-to-ingress/ingress/v6 node-1 → db at fd00::5',
      'pod-to-ingress/ingress/v4 node-1 → db at db.test',
      'pod-to-ingress/ingress/v6 node-1 → db at db.test',
    ]);
  });

  test('without agents in the host network what starts there is skipped, what goes there is not', () => {
    const chosen = configured(shop);
    chosen.agents.hostNetwork = false;
    const skipped = ingress.expand(dualStack(1), chosen).map(({ path, skip }) => [path, skip !== undefined]);
    expect(skipped).toEqual([
      ['pod-to-ingress', false],
      ['pod-to-ingress', false],
      ['node-to-ingress', true],
      ['node-to-ingress', true],
    ]);
  });
});

function aims(topology: Topology, chosen: Settings) {
  return ingress.expand(topology, chosen).map((entry) => ingress.aim(entry, topology, chosen));
}

describe('aims', () => {
  test('at each Node’s InternalIP, with the question', () => {
    const [v4, v6] = aims(dualStack(1), configured(shop));
    const rest = { kind: 'probe', port: 443, expect: [], count: 1, ask: { question: web } };
    expect(v4).toEqual({ ...rest, address: '172.30.0.2' });
    expect(v6).toEqual({ ...rest, address: 'fd00:30::2' });
  });

  test('at an address, and at a name that the agent looks up', () => {
    const db = target('db', { at: ['10.0.0.5', 'db.test'], placed: true, families: ['v4'] });
    const [literal, named] = aims(dualStack(1), configured(db));
    expect(literal).toMatchObject({ address: '10.0.0.5', port: 5432, ask: { question: db.question } });
    expect(named).toMatchObject({
      address: '',
      port: 5432,
      ask: { question: db.question, lookUp: 'db.test' },
    });
  });

  test('a Node without the family, a source without it, and no agent are told', () => {
    const bare = dualStack(2);
    for (const node of bare.nodes) if (node.name === 'node-2') delete node.addresses.v6;
    const unsent = aims(bare, configured(shop)).filter((aim) => aim.kind === 'unsent');
    // To it from both networks of both Nodes, and from its own to the other.
    expect(unsent).toHaveLength(5);
    expect(unsent[0]).toEqual({
      kind: 'unsent',
      attempt: { outcome: 'no-address', detail: 'node node-2 has no IPv6 address, the cluster has' },
    });
    const idle = dualStack(1);
    for (const agent of idle.agents) agent.ready = false;
    expect(aims(idle, configured(shop))[0]).toMatchObject({
      attempt: { outcome: 'unobserved', cause: 'no-agent' },
    });
  });

  test('a family that was asked for and that nobody here has is a failure, not fewer cases', () => {
    const topology = dualStack(1);
    topology.families = ['v4'];
    const six = target('six', { at: ['2001:db8::1'], from: ['pod'] });
    expect(aims(topology, configured(six))).toEqual([
      { kind: 'unsent', attempt: { outcome: 'unreachable', detail: 'no pod of this cluster has IPv6' } },
    ]);
  });
});

test('controls: each protocol once, to a closed port and to nobody, where any answer counts', () => {
  const db = target('db', { question: { protocol: 'tcp', port: 7000, send: 'x', reply: 'x' } });
  const udp = target('udp', { question: { protocol: 'udp', port: 53, send: 'x', reply: 'y' } });
  const ping = target('ping', { question: { protocol: 'icmp', port: 0 } });
  const any = {
    protocol: 'https',
    port: 443,
    host: 'shop.example.test',
    path: '/health',
    status: [],
    tls: { name: 'shop.example.test', insecure: true },
  };
  expect(ingress.controls(configured(shop, { ...shop, name: 'other' }, db, udp, ping))).toEqual([
    { label: 'http', kind: 'closed-port', port: 29809, count: 1, ask: { question: { ...any, port: 29809 } } },
    { label: 'http', kind: 'silent-address', port: 443, count: 1, ask: { question: any } },
    {
      ...{ label: 'tcp', kind: 'closed-port', port: 29809, count: 1 },
      ask: { question: { protocol: 'tcp', port: 29809 } },
    },
    {
      ...{ label: 'tcp', kind: 'silent-address', port: 7000, count: 1 },
      ask: { question: { protocol: 'tcp', port: 7000 } },
    },
    {
      ...{ label: 'udp', kind: 'closed-port', port: 29809, count: 1 },
      ask: { question: { protocol: 'udp', port: 29809, send: 'x' } },
    },
    {
      ...{ label: 'udp', kind: 'silent-address', port: 53, count: 1 },
      ask: { question: { protocol: 'udp', port: 53, send: 'x' } },
    },
    {
      ...{ label: 'icmp', kind: 'silent-address', port: 0, count: 3 },
      ask: { question: { protocol: 'icmp', port: 0 } },
    },
  ]);
});
