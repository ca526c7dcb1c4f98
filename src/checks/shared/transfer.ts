import { connect } from 'node:net';
import type { Attempt } from '../../model.ts';
import { attemptOfAnswer, excerpt } from './answer.ts';
import { attemptOfError } from './errno.ts';
import { exchange, since } from './exchange.ts';
import { MAX_REPLY_BYTES, receiptOf, wishLine } from './greeting.ts';

export interface Transfer {
  kind: 'upload' | 'download';
  bytes: number;
  address: string;
  port: number;
  expect: readonly string[];
  timeoutMs: number;
  signal: AbortSignal;
  token: string;
  nonce: string;
}

/**
 * Moves `bytes` over one TCP connection, after a greeting both ways that fits into one small packet. `reached`: all of
 * them arrived, by the receiver's own count. `black-hole`: the greeting went through, and then nothing moved any more.
 */
export function transfer(wanted: Transfer): Promise<Attempt> {
  const { kind, bytes, address, port, expect, timeoutMs, signal, token, nonce } = wanted;
  return exchange(timeoutMs, signal, (end) => {
    let asked: number | undefined;
    let greeted: Attempt | undefined;
    let text = '';
    let got = 0;
    const receipt = receiptOf(bytes);
    const socket = connect({ host: address, port, autoSelectFamily: false, noDelay: true });
    socket.setEncoding('latin1');
    const greet = (line: string) => {
      greeted = { ...attemptOfAnswer(line, nonce, expect), rttMs: since(asked ?? performance.now()) };
      if (greeted.outcome !== 'reached') end(greeted);
      else if (kind === 'upload') socket.write('x'.repeat(bytes));
    };
    const receive = (chunk: string) => {
      got += chunk.length;
      if (kind === 'upload') text += chunk;
      const isAll = kind === 'upload' ? text === receipt : got >= bytes;
      if (isAll) end({ ...greeted, outcome: 'reached' });
      // No receipt of ours, and perhaps without an end: nothing of it is kept.
      else if (text.length >= receipt.length)
        end({ ...greeted, outcome: 'wrong-answer', detail: excerpt(text) });
    };
    socket.on('connect', () => {
      asked = performance.now();
      socket.write(wishLine(token, nonce, { kind, bytes }));
    });
    socket.on('data', (chunk: string) => {
      if (greeted !== undefined) return receive(chunk);
      const [line = '', ...rest] = (text + chunk).split('\n');
      text = '';
      if (rest.length === 0 && line.length < MAX_REPLY_BYTES) {
        text = line;
        return;
      }
      greet(line);
      receive(rest.join('\n'));
    });
    socket.on('end', () => {
      const detail =
        greeted === undefined ? 'closed without an answer' : `closed before ${bytes} bytes were moved`;
      end({ ...greeted, outcome: 'reset', detail });
    });
    socket.on('error', (error) => end({ ...greeted, ...attemptOfError(error) }));
    return {
      silence: () =>
        greeted === undefined
          ? { outcome: 'timed-out', detail: asked === undefined ? 'no connection' : 'connected, no answer' }
          : { ...greeted, outcome: 'black-hole' },
      close: () => socket.destroy(),
    };
  });
}
