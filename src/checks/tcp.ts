import type { Case, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import type { Aim, Check, ControlAim } from './shared/check.ts';
import { expandPairs, pairPaths } from './shared/pairs.ts';
import { tcpExchange } from './shared/tcp-exchange.ts';

export const tcp = {
  name: 'tcp',
  title: 'a TCP connection, one line each way',
  proof: 'the expected pod answered this very request: its UID and the nonce came back',
  runs: 'by default',
  paths: pairPaths,
  expand: (topology: Topology, settings: Settings): Case[] => expandPairs('tcp', topology, settings),
  aim: (entry: Case, topology: Topology, { agents }: Settings): Aim =>
    aimOf(entry, topology, { port: agents.ports.tcp, count: 1, identified: true }),
  controls: ({ agents }: Settings): ControlAim[] => [
    { kind: 'closed-port', port: agents.ports.closed, count: 1 },
    { kind: 'silent-address', port: agents.ports.tcp, count: 1 },
  ],
  attempt: tcpExchange,
} as const satisfies Check;
