import { createSocket } from 'node:dgram';
import type { Attempt, Probe } from '../../model.ts';
import { attemptOfAnswer } from './answer.ts';
import type { ProbeContext } from './check.ts';
import { attemptOfError } from './errno.ts';
import { exchange, since } from './exchange.ts';
import { DATAGRAM_BYTES, requestLine } from './greeting.ts';

/** Sends of one datagram: one that the network lost is no news about a Service's rules. */
const SENDS = 3;

/**
 * One UDP flow through a load balancer: the same datagram from the same socket until it is answered. All of them
 * share one conntrack entry, so they meet one endpoint, as a TCP connection does. `sent` counts the datagrams.
 */
export function udpFlow(
  probe: Probe,
  { signal, token, nonce: fresh }: ProbeContext,
  // The last one has as long to be answered as those before it.
  resendMs = probe.timeoutMs / SENDS,
): Promise<Attempt> {
  const nonce = fresh();
  const datagram = requestLine(token, nonce).padEnd(DATAGRAM_BYTES);
  return exchange(probe.timeoutMs, signal, (end) => {
    const socket = createSocket(probe.family === 'v6' ? 'udp6' : 'udp4');
    let sent = 0;
    let startedAt = 0;
    let timer: NodeJS.Timeout | undefined;
    const fail = (error: Error) => end({ ...attemptOfError(error), sent, received: 0 });
    const send = () => {
      sent += 1;
      if (sent === SENDS) clearInterval(timer);
      socket.send(datagram, (error) => error && fail(error));
    };
    socket.on('error', fail);
    socket.on('message', (data) => {
      const answer = attemptOfAnswer(data.toString('latin1'), nonce, probe.expect);
      end({ ...answer, sent, received: 1, rttMs: since(startedAt) });
    });
    socket.connect(probe.port, probe.address, (error?: Error) => {
      if (error) return fail(error);
      startedAt = performance.now();
      timer = setInterval(send, resendMs);
      send();
    });
    return {
      silence: () => ({ outcome: 'timed-out', sent, received: 0 }),
      close: () => {
        clearInterval(timer);
        socket.close();
      },
    };
  });
}
