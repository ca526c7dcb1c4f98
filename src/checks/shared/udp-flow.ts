import { createSocket } from 'node:dgram';
import type { Attempt, Probe } from '../../model.ts';
import { attemptOfAnswer } from './answer.ts';
import type { ProbeContext } from './check.ts';
import { attemptOfError } from './errno.ts';
import { exchange, since } from './exchange.ts';
import { DATAGRAM_BYTES, parseReply, requestLine } from './greeting.ts';

/** Datagrams of one flow: one that the network lost is no news about a Service's rules. */
const SENDS = 3;

/**
 * One UDP flow through a load balancer: datagrams from the same socket until one is answered. All of them
 * share one conntrack entry, so they meet one endpoint, as a TCP connection does. `sent` counts them, up to the one that
 * was answered: an answer that was only late, or that this process read late, is no loss.
 */
export function udpFlow(
  probe: Probe,
  { signal, token, nonce: fresh }: ProbeContext,
  // The last one has as long to be answered as those before it.
  resendMs = probe.timeoutMs / SENDS,
): Promise<Attempt> {
  return exchange(probe.timeoutMs, signal, (end) => {
    const socket = createSocket(probe.family === 'v6' ? 'udp6' : 'udp4');
    const nonces: string[] = [];
    let startedAt = 0;
    let timer: NodeJS.Timeout | undefined;
    const fail = (error: Error) => end({ ...attemptOfError(error), sent: nonces.length, received: 0 });
    const send = () => {
      const nonce = fresh();
      nonces.push(nonce);
      if (nonces.length === SENDS) clearInterval(timer);
      const datagram = requestLine(token, nonce).padEnd(DATAGRAM_BYTES);
      socket.send(datagram, (error) => error && fail(error));
    };
    socket.on('error', fail);
    socket.on('message', (data) => {
      const text = data.toString('latin1');
      const sent = nonces.indexOf(parseReply(text)?.nonce ?? '') + 1;
      const answer = attemptOfAnswer(text, nonces[sent - 1] ?? 'none', probe.expect);
      end({ ...answer, sent: sent || nonces.length, received: 1, rttMs: since(startedAt) });
    });
    socket.connect(probe.port, probe.address, (error?: Error) => {
      if (error) return fail(error);
      startedAt = performance.now();
      timer = setInterval(send, resendMs);
      send();
    });
    return {
      silence: () => ({ outcome: 'timed-out', sent: nonces.length, received: 0 }),
      close: () => {
        clearInterval(timer);
        socket.close();
      },
    };
  });
}
