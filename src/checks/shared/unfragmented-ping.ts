import type { Family } from '../../model.ts';
import { payloadOf } from './packet.ts';
import { ranProgram } from './program.ts';

export interface Ping {
  address: string;
  family: Family;
  /** Of the whole IP packet, bytes. */
  size: number;
  timeoutMs: number;
  signal: AbortSignal;
}

/** What came of echo requests of one size that nobody may fragment. */
export interface PingResult {
  size: number;
  /** The reply has the same size, so this proves both ways at once. */
  answered: boolean;
  /** A router on the way said that it forwards no more than this. */
  told?: number;
  /** Ping itself could not work: nothing is known. */
  fault?: string;
}

const COUNT = 2;
const INTERVAL_SECONDS = 0.2;
const GRACE_MS = 2000;

/**
 * iputils' `ping -M probe`: don't-fragment is set, and what the kernel learned of the path before is not believed,
 * so that a path that was mended counts as mended at once.
 */
export async function unfragmentedPing({
  address,
  family,
  size,
  timeoutMs,
  signal,
}: Ping): Promise<PingResult> {
  const version = family === 'v6' ? '-6' : '-4';
  const args = ['-n', version, '-M', 'probe', '-c', COUNT, '-i', INTERVAL_SECONDS, '-W', timeoutMs / 1000];
  const limitMs = COUNT * INTERVAL_SECONDS * 1000 + timeoutMs + GRACE_MS;
  const ran = await ranProgram(
    process.env.NETACCEPT_PING ?? 'ping',
    [...args, '-s', payloadOf(size, family), address].map(String),
    { limitMs, signal },
  );
  return resultOf(`${ran.stdout}\n${ran.stderr}`, size, ran.fault);
}

function resultOf(text: string, size: number, fault: string | undefined): PingResult {
  const received = /^\d+ packets transmitted, (\d+) received/m.exec(text)?.[1];
  // IPv4's "Frag needed and DF set (mtu = 1300)", IPv6's "Packet too big: mtu=1300".
  const told = /^From .*(?:Frag needed|Packet too big).*?mtu ?= ?(\d+)/m.exec(text)?.[1];
  return {
    size,
    answered: Number(received ?? 0) > 0,
    ...(told !== undefined && { told: Number(told) }),
    ...(received === undefined && {
      fault: fault ?? (text.trim().split('\n').at(-1) || 'ping printed nothing'),
    }),
  };
}
