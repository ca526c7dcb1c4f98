import { connect } from 'node:net';
import type { Attempt, Probe } from '../../model.ts';
import { attemptOfAnswer } from './answer.ts';
import type { ProbeContext } from './check.ts';
import { attemptOfError } from './errno.ts';
import { exchange, since } from './exchange.ts';
import { MAX_REPLY_BYTES, requestLine } from './greeting.ts';

/**
 * One connection, one request line, one reply of ours. `onConnect` gets the address that it goes out from, as the
 * kernel chose it here: what the responder saw may be another one.
 */
export function tcpExchange(
  probe: Probe,
  { signal, token, nonce: fresh }: ProbeContext,
  onConnect?: (from: string) => void,
): Promise<Attempt> {
  return exchange(probe.timeoutMs, signal, (end) => {
    let asked: number | undefined;
    let nonce = '';
    let text = '';
    const socket = connect({ host: probe.address, port: probe.port, autoSelectFamily: false, noDelay: true });
    socket.setEncoding('latin1');
    const judge = () => {
      const answer = attemptOfAnswer(text.split('\n', 1)[0] ?? '', nonce, probe.expect);
      end({ ...answer, rttMs: since(asked ?? performance.now()) });
    };
    socket.on('connect', () => {
      asked = performance.now();
      // Only now is there something to send: without a connection nothing of this attempt can arrive anywhere.
      nonce = fresh();
      onConnect?.(socket.localAddress ?? '');
      socket.write(requestLine(token, nonce));
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n') || text.length >= MAX_REPLY_BYTES) judge();
    });
    socket.on('end', () => {
      if (text === '') end({ outcome: 'reset', detail: 'closed without an answer' });
      else judge();
    });
    socket.on('error', (error) => end(attemptOfError(error)));
    return {
      silence: () => ({
        outcome: 'timed-out',
        // The kernel of a frozen node still accepts connections: this tells it from a dropped SYN.
        detail: asked === undefined ? 'no connection' : 'connected, no answer',
      }),
      close: () => socket.destroy(),
    };
  });
}
