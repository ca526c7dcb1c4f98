import { createSocket } from 'node:dgram';
import type { Attempt, Probe } from '../../model.ts';
import type { ProbeContext } from './check.ts';
import { attemptOfError } from './errno.ts';
import { exchange } from './exchange.ts';
import { DATAGRAM_BYTES, requestLine } from './greeting.ts';
import { tally } from './tally.ts';

// Spaced, so that a burst of one attempt does not overflow a socket buffer and look like loss.
const SPACING_MS = 20;

/**
 * `probe.count` datagrams from one socket, each with a nonce of its own and to be answered by itself, in the shape that
 * `payload` gives them. `onConnect` as in tcpExchange.
 */
export function udpExchange(
  probe: Probe,
  { signal, token, nonce: fresh, maxLossPercent }: ProbeContext,
  onConnect?: (from: string) => void,
  payload: (request: string) => string | Buffer = (request) => request,
): Promise<Attempt> {
  const limitMs = (probe.count - 1) * SPACING_MS + probe.timeoutMs;
  return exchange(limitMs, signal, (end) => {
    const seen = tally(probe.count, probe.expect, maxLossPercent);
    const socket = createSocket(probe.family === 'v6' ? 'udp6' : 'udp4');
    let left = probe.count;
    let timer: NodeJS.Timeout | undefined;
    const endIfSettled = () => {
      if (seen.settled()) end(seen.result());
    };
    const fail = (error: Error) => {
      seen.failed(attemptOfError(error));
      endIfSettled();
    };
    const send = () => {
      left -= 1;
      if (left === 0) clearInterval(timer);
      const nonce = fresh();
      seen.asked(nonce, performance.now());
      socket.send(payload(requestLine(token, nonce).padEnd(DATAGRAM_BYTES)), (error) => error && fail(error));
    };
    socket.on('error', fail);
    socket.on('message', (data) => {
      seen.heard(data.toString('latin1'), performance.now());
      endIfSettled();
    });
    // Connected, so that the kernel reports an ICMP error ("port unreachable") and drops strangers' datagrams.
    socket.connect(probe.port, probe.address, (error?: Error) => {
      if (error) return fail(error);
      onConnect?.(socket.address().address);
      timer = setInterval(send, SPACING_MS);
      send();
    });
    return {
      silence: seen.result,
      close: () => {
        clearInterval(timer);
        socket.close();
      },
    };
  });
}
