import type { Case, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import type { Aim, Check, ControlAim } from './shared/check.ts';
import { httpExchange } from './shared/http-exchange.ts';
import { expandPairs, pairPaths } from './shared/pairs.ts';

export const http = {
  name: 'http',
  title: 'an HTTP GET, status 200 and identity',
  proof: 'the expected pod answered this very request with 200: its UID and the nonce came back',
  runs: 'by default',
  paths: pairPaths,
  expand: (topology: Topology, settings: Settings): Case[] => expandPairs('http', topology, settings),
  aim: (entry: Case, topology: Topology, { agents }: Settings): Aim =>
    aimOf(entry, topology, { port: agents.ports.http, count: 1, identified: true }),
  controls: ({ agents }: Settings): ControlAim[] => [
    { kind: 'closed-port', port: agents.ports.closed, count: 1 },
    { kind: 'silent-address', port: agents.ports.http, count: 1 },
  ],
  attempt: httpExchange,
} as const satisfies Check;
