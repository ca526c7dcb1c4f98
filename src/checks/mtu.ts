import type { Attempt, Case, Family, Probe, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import type { Aim, Check, ControlAim, ProbeContext } from './shared/check.ts';
import { largePath, smallSize } from './shared/large-path.ts';
import { largestSize } from './shared/largest-size.ts';
import { judgeMtu, type MtuFound } from './shared/mtu-ruling.ts';
import { expandPairs } from './shared/pairs.ts';
import { routeTo } from './shared/route.ts';

const PATHS = ['pod-to-pod', 'node-to-node'] as const;
/** Three sizes three times, and a little more when one of them is lost. */
const DATAGRAMS = 12;
/** What one round of the search waits at most: the path is known to be alive. */
const SEARCH_MS = 500;

interface MtuAsk {
  tcpPort: number;
  udpPort: number;
  bytes: number;
  /** Of the settings; 0 where they leave it to the source's own device. */
  expected: number;
}

export const mtu = {
  name: 'mtu',
  title: 'large packets without fragmentation: TCP, UDP and ICMP of the full MTU, and UDP in fragments',
  proof:
    'the expected pod received full TCP segments, UDP of exactly the MTU and UDP in fragments, and says so itself; the measured path MTU is recorded',
  runs: 'by default',
  paths: PATHS,
  // A Node's own path never leaves it.
  expand: (topology: Topology, settings: Settings): Case[] =>
    expandPairs('mtu', topology, settings, PATHS).filter((entry) => entry.locality === 'cross-node'),
  aim,
  controls: (settings: Settings): ControlAim[] => [
    { kind: 'silent-address', port: settings.agents.ports.tcp, count: DATAGRAMS, ask: askOf(settings, 0) },
  ],
  attempt,
  judge: (entry, last, { topology, settings }) => judgeMtu(entry, last, aim(entry, topology, settings)),
} as const satisfies Check;

function aim(entry: Case, topology: Topology, settings: Settings): Aim {
  const expected = entry.path === 'pod-to-pod' ? settings.mtu.pod : settings.mtu.node;
  const { tcp } = settings.agents.ports;
  const target = aimOf(entry, topology, { port: tcp, count: DATAGRAMS, identified: true });
  return target.kind === 'probe' ? { ...target, ask: askOf(settings, expected) } : target;
}

function askOf({ agents, mtu: { bytes } }: Settings, expected: number): MtuAsk {
  return { tcpPort: agents.ports.tcp, udpPort: agents.ports.udp, bytes, expected };
}

async function attempt(probe: Probe, context: ProbeContext): Promise<Attempt> {
  const { address, expect, timeoutMs } = probe;
  const family: Family = probe.family ?? 'v4';
  const { tcpPort, udpPort, bytes, expected } = probe.ask as MtuAsk;
  const route = await routeTo(address, context.signal);
  // Without a way the kernel has no MTU either; what it says when it is to send is then the finding.
  const size = route?.mtu ?? (expected || smallSize(family));
  const path = { address, family, tcpPort, udpPort, mtu: size, bytes, expect, timeoutMs };
  const seen = await largePath(path, context);
  // Small packets that pass prove nothing here.
  if (route === undefined && expected === 0 && seen.outcome === 'reached') return UNKNOWN;
  const { ping, udp } = seen.found;
  const search = { address, port: udpPort, family, expect, timeoutMs: Math.min(SEARCH_MS, timeoutMs) };
  const isHole = udp.small && !udp.full && ping.told === undefined;
  const pathMtu = isHole
    ? await largestSize(smallSize(family), size, { ...search, ...context })
    : (ping.told ?? (udp.full || ping.answered ? size : undefined));
  const found: MtuFound = { ...seen.found, expected, ...(route && { device: route.device }) };
  return { ...seen, found, ...(pathMtu !== undefined && { measured: { pathMtu } }) };
}

const UNKNOWN: Attempt = {
  outcome: 'unobserved',
  cause: 'local-fault',
  detail:
    'the agent cannot read the MTU of its way there (ip route get): name the expected one in mtu.pod and mtu.node',
};
