import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { Attempt, Probe } from '../../model.ts';
import { attemptOfAnswer } from './answer.ts';
import type { ProbeContext } from './check.ts';
import { exchange, since } from './exchange.ts';
import { MAX_REPLY_BYTES, WHO_PATH } from './greeting.ts';
import { attemptOfHttpError } from './not-http.ts';

/** One GET on a connection of its own: status 200 and a reply of ours. */
export function httpExchange(probe: Probe, { signal, token, nonce: fresh }: ProbeContext): Promise<Attempt> {
  return exchange(probe.timeoutMs, signal, (end) => {
    const { address: host, port } = probe;
    let outgoing: ClientRequest | undefined;
    const socket = connect({ host, port, autoSelectFamily: false, noDelay: true });
    socket.on('connect', () => {
      const asked = performance.now();
      // Only now is there something to send: without a connection nothing of this attempt can arrive anywhere.
      const nonce = fresh();
      outgoing = request({
        host,
        port,
        path: `${WHO_PATH}?nonce=${nonce}`,
        headers: { authorization: `Bearer ${token}` },
        createConnection: () => socket,
      });
      outgoing.on('response', (response) =>
        receive(response, nonce, (answer) => end({ ...answer, rttMs: since(asked) })),
      );
      outgoing.on('error', (error) => end(attemptOfHttpError(error)));
      outgoing.on('close', () => end({ outcome: 'reset', detail: 'closed without an answer' }));
      outgoing.end();
    });
    socket.on('error', (error) => end(attemptOfHttpError(error)));
    return {
      silence: () => ({
        outcome: 'timed-out',
        detail: outgoing === undefined ? 'no connection' : 'connected, no answer',
      }),
      close: () => {
        outgoing?.destroy();
        socket.destroy();
      },
    };
  });

  function receive(response: IncomingMessage, nonce: string, end: (attempt: Attempt) => void): void {
    if (response.statusCode !== 200) {
      end({ outcome: 'wrong-answer', detail: `HTTP ${response.statusCode}` });
      return;
    }
    let text = '';
    response.setEncoding('latin1');
    response.on('data', (chunk: string) => {
      text += chunk;
      if (text.length >= MAX_REPLY_BYTES) end(attemptOfAnswer(text, nonce, probe.expect));
    });
    response.on('end', () => end(attemptOfAnswer(text, nonce, probe.expect)));
    response.on('error', (error) => end(attemptOfHttpError(error)));
  }
}
