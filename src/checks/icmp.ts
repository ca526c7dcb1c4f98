import { spawn } from 'node:child_process';
import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import type { Aim, Check, ControlAim, ProbeContext } from './shared/check.ts';
import { exchange } from './shared/exchange.ts';
import { expandPairs, pairPaths } from './shared/pairs.ts';
import { attemptOfPing, type PingOutput } from './shared/ping-output.ts';

// The shortest interval that every ping allows without privilege.
const INTERVAL_MS = 200;
/** What ping may take on top: its start, and its own wait for the last reply. */
const GRACE_MS = 2000;
const MAX_OUTPUT_CHARS = 64 * 1024;

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
  attempt,
} as const satisfies Check;

// Node has no ICMP sockets. iputils' ping without its file capability works unprivileged; fping 5.1 does not.
function attempt(probe: Probe, { signal, maxLossPercent }: ProbeContext): Promise<Attempt> {
  const limitMs = probe.count * INTERVAL_MS + probe.timeoutMs + GRACE_MS;
  return exchange(limitMs, signal, (end) => {
    const output: PingOutput = { stdout: '', stderr: '' };
    const ping = spawn(process.env.NETACCEPT_PING ?? 'ping', pingArguments(probe), {
      // The output is parsed: no translated messages.
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      ping[stream].setEncoding('utf8').on('data', (chunk: string) => {
        output[stream] = (output[stream] + chunk).slice(0, MAX_OUTPUT_CHARS);
      });
    }
    ping.on('error', (error) => end(localFault(`ping did not start: ${error.message}`)));
    ping.on('close', () => end(attemptOfPing(output, maxLossPercent)));
    return {
      silence: () => localFault(`ping did not end within ${limitMs} ms`),
      close: () => ping.kill('SIGKILL'),
    };
  });
}

function pingArguments({ address, count, family, timeoutMs }: Probe): string[] {
  const seconds = (ms: number) => String(ms / 1000);
  const version = family === 'v6' ? '-6' : '-4';
  return ['-n', version, '-c', String(count), '-i', seconds(INTERVAL_MS), '-W', seconds(timeoutMs), address];
}

function localFault(detail: string): Attempt {
  return { outcome: 'unobserved', cause: 'local-fault', detail };
}
