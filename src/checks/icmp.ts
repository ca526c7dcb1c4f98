import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import type { Aim, Check, ControlAim, ProbeContext } from './shared/check.ts';
import { expandPairs, pairPaths } from './shared/pairs.ts';
import { ping } from './shared/ping.ts';

export const icmp = {
  name: 'icmp',
  title: 'ICMP echo requests (ping)',
  proof: 'only that the address answers echo requests, not who holds it',
  runs: 'by default',
  paths: pairPaths,
  expand: (topology: Topology, settings: Settings): Case[] => expandPairs('icmp', topology, settings),
  aim: (entry: Case, topology: Topology, { probe }: Settings): Aim =>
    aimOf(entry, topology, { port: 0, count: probe.echoRequests, identified: false }),
  // ICMP has no ports that could be closed.
  controls: ({ probe }: Settings): ControlAim[] => [
    { kind: 'silent-address', port: 0, count: probe.echoRequests },
  ],
  attempt: (
    { address, count, timeoutMs }: Probe,
    { signal, maxLossPercent }: ProbeContext,
  ): Promise<Attempt> => ping({ address, count, timeoutMs, maxLossPercent, signal }),
} as const satisfies Check;
