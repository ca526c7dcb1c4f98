import { spawn } from 'node:child_process';
import { isIPv6 } from 'node:net';
import type { Attempt } from '../../model.ts';
import { exchange } from './exchange.ts';
import { attemptOfPing, type PingOutput } from './ping-output.ts';

// The shortest interval that every ping allows without privilege.
const INTERVAL_MS = 200;
/** What ping may take on top: its start, and its own wait for the last reply. */
const GRACE_MS = 2000;
const MAX_OUTPUT_CHARS = 64 * 1024;

export interface Ping {
  address: string;
  /** Echo requests. */
  count: number;
  /** How long the last one is waited for. */
  timeoutMs: number;
  maxLossPercent: number;
  signal: AbortSignal;
}

// Node has no ICMP sockets. iputils' ping without its file capability works unprivileged; fping 5.1 does not.
export function ping({ address, count, timeoutMs, maxLossPercent, signal }: Ping): Promise<Attempt> {
  const limitMs = count * INTERVAL_MS + timeoutMs + GRACE_MS;
  return exchange(limitMs, signal, (end) => {
    const output: PingOutput = { stdout: '', stderr: '' };
    const program = spawn(
      process.env.NETACCEPT_PING ?? 'ping',
      pingArguments({ address, count, timeoutMs }),
      // The output is parsed: no translated messages.
      { env: { PATH: process.env.PATH, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of ['stdout', 'stderr'] as const) {
      program[stream].setEncoding('utf8').on('data', (chunk: string) => {
        output[stream] = (output[stream] + chunk).slice(0, MAX_OUTPUT_CHARS);
      });
    }
    program.on('error', (error) => end(localFault(`ping did not start: ${error.message}`)));
    program.on('close', () => end(attemptOfPing(output, maxLossPercent)));
    return {
      silence: () => localFault(`ping did not end within ${limitMs} ms`),
      close: () => program.kill('SIGKILL'),
    };
  });
}

function pingArguments({
  address,
  count,
  timeoutMs,
}: Pick<Ping, 'address' | 'count' | 'timeoutMs'>): string[] {
  const seconds = (ms: number) => String(ms / 1000);
  const version = isIPv6(address) ? '-6' : '-4';
  return ['-n', version, '-c', String(count), '-i', seconds(INTERVAL_MS), '-W', seconds(timeoutMs), address];
}

function localFault(detail: string): Attempt {
  return { outcome: 'unobserved', cause: 'local-fault', detail };
}
