import { type IncomingMessage, request } from 'node:http';
import type { Attempt, Probe } from '../../model.ts';
import { attemptOfAnswer } from './answer.ts';
import type { ProbeContext } from './check.ts';
import { exchange, since } from './exchange.ts';
import { MAX_REPLY_BYTES, WHO_PATH } from './greeting.ts';
import { attemptOfHttpError } from './not-http.ts';

/** One GET on a connection of its own: status 200 and a reply of ours. */
export function httpExchange(probe: Probe, { signal, token, nonce: fresh }: ProbeContext): Promise<Attempt> {
  const nonce = fresh();
  return exchange(probe.timeoutMs, signal, (end) => {
    let asked: number | undefined;
    const outgoing = request({
      host: probe.address,
      port: probe.port,
      path: `${WHO_PATH}?nonce=${nonce}`,
      headers: { authorization: `Bearer ${token}` },
      agent: false,
    });
    outgoing.on('socket', (socket) => {
      socket.on('connect', () => {
        asked = performance.now();
      });
    });
    outgoing.on('response', (response) =>
      receive(response, (answer) => end({ ...answer, rttMs: since(asked ?? performance.now()) })),
    );
    outgoing.on('error', (error) => end(attemptOfHttpError(error)));
    outgoing.on('close', () => end({ outcome: 'reset', detail: 'closed without an answer' }));
    outgoing.end();
    return {
      silence: () => ({
        outcome: 'timed-out',
        detail: asked === undefined ? 'no connection' : 'connected, no answer',
      }),
      close: () => outgoing.destroy(),
    };
  });

  function receive(response: IncomingMessage, end: (attempt: Attempt) => void): void {
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
