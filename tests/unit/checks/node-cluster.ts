// A healthy Calico-less cluster as its Nodes would describe it, and the verdicts on what a test changes in that.
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { node } from '../../../src/checks/node.ts';
import type { FoundDevice } from '../../../src/checks/shared/node/devices.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Case, CaseVerdict, JournalEntry, Settings, Topology } from '../../../src/model.ts';
import { planRun } from '../../../src/plan/plan.ts';
import { benchFor } from '../../../src/verdict/judge-recording.ts';

/** What each Node said, by case id: tests change it in place. `undefined`: it said nothing. */
export type Found = Record<string, unknown>;

export interface Scene {
  nodes?: number;
  topology?: (topology: Topology) => void;
  settings?: (draft: Settings) => void;
  found?: (found: Found) => void;
}

/** Every verdict, by the case's id without its path and check: `v4 node-1 → routes to the other Nodes' pods`. */
export function verdictsIn(scene: Scene): Map<string, CaseVerdict> {
  const topology = dualStack(scene.nodes ?? 4);
  scene.topology?.(topology);
  const set = settings(scene.settings);
  const cases = expandMatrix([node], topology, set);
  const plan = planRun('r', cases, [node], topology, set);
  const asked = new Set(
    plan.batches.flatMap(({ rounds }) => rounds.flatMap(({ probes }) => probes.map((p) => p.case))),
  );
  const found: Found = {};
  for (const entry of cases) if (asked.has(entry.id)) found[shortId(entry)] = healthy(entry, topology);
  scene.found?.(found);
  const journal = [
    ...plan.unsent.map((observation): JournalEntry => ({ type: 'observation', observation })),
    ...cases.flatMap((entry): JournalEntry[] => {
      const said = found[shortId(entry)];
      if (said === undefined) return [];
      return [
        {
          type: 'observation',
          observation: { case: entry.id, attempts: [{ outcome: 'reached', found: said }] },
        },
      ];
    }),
  ];
  const bench = benchFor({ journal, cases }, topology, set, [node]);
  return new Map(cases.map((entry) => [shortId(entry), bench.judge(entry)]));
}

export function idsOf(verdicts: Map<string, CaseVerdict>, verdict: CaseVerdict['verdict']): string[] {
  return [...verdicts].flatMap(([id, each]) => (each.verdict === verdict ? [id] : []));
}

export function device(name: string, kind: string, more: Partial<FoundDevice> = {}): FoundDevice {
  return { name, kind, up: true, mtu: 1450, addresses: [], routes: 6, ...more };
}

function shortId({ id }: Case): string {
  return id.replace(/^on-node\/node[ /]/, '');
}

function healthy(entry: Case, { nodes }: Topology): unknown {
  const v4 = entry.family === 'v4';
  switch (entry.about?.fact) {
    case 'devices':
      return { devices: [device('vxlan0', 'vxlan')] };
    case 'routes':
      return {
        ways: nodes.filter(({ name }) => name !== entry.source.node).map(({ name }) => wayTo(name, v4)),
      };
    case 'leftover-routes':
      return { routes: nodes.map(({ podCidrs }) => routeTo(podCidrs[v4 ? 0 : 1] ?? '', 'vxlan0')) };
    case 'mtu':
      return {
        devices: [
          { name: 'vxlan0', mtu: 1450, uplink: false },
          { name: 'eth0', mtu: 1500, uplink: true },
        ],
      };
    case 'forwarding':
      return v4
        ? { forwarding: { 'net.ipv4.ip_forward': '1' }, rpFilter: { vxlan0: '0', eth0: '1' } }
        : { forwarding: { 'net.ipv6.conf.all.forwarding': '1' }, rpFilter: {} };
    case 'rp-filter':
      return { forwarding: {}, rpFilter: { vxlan0: '0', eth0: '2' } };
    case 'conntrack':
      return { count: 100, max: 1000 };
    case 'kube-proxy':
      return { state: 'healthy', detail: 'HTTP 200' };
    case 'bgp': {
      const others = nodes.filter(({ name }) => name !== entry.source.node);
      const dialled = others.map(({ name, addresses }) => ({
        node: name,
        address: addresses.v4,
        outcome: 'reached',
      }));
      return { listens: true, sessions: others.map(({ name }) => name), dialled };
    }
    default:
      return undefined;
  }
}

export function wayTo(node: string, v4 = true, hop: object = {}, to?: string) {
  const rank = node.slice('node-'.length);
  const own = v4 ? `10.244.${rank}` : `fd00:244:${rank}:`;
  const route = {
    to: to ?? (v4 ? `${own}.0/24` : `${own}:/64`),
    type: 'unicast',
    protocol: 'boot',
    hops: [{ device: 'vxlan0', gateway: v4 ? `${own}.0` : `${own}:`, ...hop }],
  };
  return {
    node,
    lookup: { address: v4 ? `${own}.2` : `${own}:2`, route },
    devices: [{ name: 'vxlan0', kind: 'vxlan', up: true }],
  };
}

export function routeTo(to: string, through: string, more: object = {}) {
  return {
    to,
    type: 'unicast',
    protocol: 'boot',
    hops: [{ device: through }],
    overlay: true,
    own: false,
    ...more,
  };
}
