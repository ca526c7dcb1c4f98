import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Attempt, Outcome } from '../../model.ts';
import { excerpt } from './answer.ts';
import { attemptOfError } from './errno.ts';
import { exchange, since } from './exchange.ts';

/** An address and port where something may answer, whoever it is. */
export interface Door {
  address: string;
  port: number;
  protocol: 'tcp' | 'udp';
}

/** What must be blocked may be kept away in any of these ways; every other outcome is an answer. */
const SILENT: ReadonlySet<Outcome> = new Set(['refused', 'timed-out', 'unreachable', 'prohibited']);

/** Something answered, whatever it said. False for `unobserved`: then nobody knows. */
export function isAnswer({ outcome }: Pick<Attempt, 'outcome'>): boolean {
  return outcome !== 'unobserved' && !SILENT.has(outcome);
}

// A lost datagram is no silence.
const DATAGRAMS = 3;
const SPACING_MS = 100;

/**
 * Whether anything answers: `reached` when a TCP connection is accepted or any datagram comes back. Says nothing
 * about who it was.
 */
export function knock(door: Door, limitMs: number, signal: AbortSignal, payload: Buffer): Promise<Attempt> {
  return door.protocol === 'tcp' ? knockTcp(door, limitMs, signal) : knockUdp(door, limitMs, signal, payload);
}

function knockTcp({ address, port }: Door, limitMs: number, signal: AbortSignal): Promise<Attempt> {
  return exchange(limitMs, signal, (end) => {
    const start = performance.now();
    const socket = connect({ host: address, port, autoSelectFamily: false });
    socket.on('connect', () =>
      end({ outcome: 'reached', rttMs: since(start), detail: 'a connection was accepted' }),
    );
    socket.on('error', (error) => end(attemptOfError(error)));
    return {
      silence: () => ({ outcome: 'timed-out', detail: 'no connection' }),
      close: () => socket.destroy(),
    };
  });
}

function knockUdp(
  { address, port }: Door,
  limitMs: number,
  signal: AbortSignal,
  payload: Buffer,
): Promise<Attempt> {
  return exchange(limitMs, signal, (end) => {
    const start = performance.now();
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    const fail = (error: Error) => end(attemptOfError(error));
    let left = DATAGRAMS;
    let timer: NodeJS.Timeout | undefined;
    const send = () => {
      left -= 1;
      if (left === 0) clearInterval(timer);
      socket.send(payload, (error) => error && fail(error));
    };
    socket.on('error', fail);
    socket.on('message', (data) =>
      end({
        outcome: 'reached',
        rttMs: since(start),
        detail: `answered ${excerpt(data.toString('latin1'))}`,
      }),
    );
    // Connected, so that the kernel reports an ICMP error and drops strangers' datagrams.
    socket.connect(port, address, (error?: Error) => {
      if (error !== undefined) return fail(error);
      timer = setInterval(send, SPACING_MS);
      send();
    });
    return {
      silence: () => ({ outcome: 'timed-out', detail: 'no datagram came back' }),
      close: () => {
        clearInterval(timer);
        socket.close();
      },
    };
  });
}
