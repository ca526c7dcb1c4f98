import type { Case, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import type { Aim, Check, ControlAim } from './shared/check.ts';
import { expandPairs, pairPaths } from './shared/pairs.ts';
import { udpExchange } from './shared/udp-exchange.ts';

export const udp = {
  name: 'udp',
  title: 'several UDP datagrams, each answered',
  proof: 'the expected pod answered each counted datagram: its UID and the datagram’s nonce came back',
  runs: 'by default',
  paths: pairPaths,
  expand: (topology: Topology, settings: Settings): Case[] => expandPairs('udp', topology, settings),
  aim: (entry: Case, topology: Topology, { agents, probe }: Settings): Aim =>
    aimOf(entry, topology, { port: agents.ports.udp, count: probe.datagrams, identified: true }),
  controls: ({ agents, probe }: Settings): ControlAim[] => [
    { kind: 'closed-port', port: agents.ports.closed, count: probe.datagrams },
    { kind: 'silent-address', port: agents.ports.udp, count: probe.datagrams },
  ],
  attempt: udpExchange,
} as const satisfies Check;
