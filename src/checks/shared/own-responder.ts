import { connect } from 'node:net';
import { attemptOfAnswer } from './answer.ts';
import { exchange } from './exchange.ts';
import {
  MAX_TRANSFER_BYTES,
  type OwnQuestion,
  type Remembered,
  type Unserved,
  wishLine,
} from './greeting.ts';

export interface OwnResponder {
  tcpPort: number;
  /** Of the responder's pod: the source's own. */
  uid: string;
  timeoutMs: number;
  signal: AbortSignal;
  token: string;
  nonce: string;
}

/** The UDP ports that the source's own responder could not open. Undefined when it does not tell. */
export async function ownUnserved(wanted: OwnResponder): Promise<Unserved[] | undefined> {
  const told = await askOwn(wanted, { kind: 'unserved' });
  return Array.isArray(told) ? (told as Unserved[]) : undefined;
}

/** Whose requests reached the source's own responder lately. Undefined when it does not tell. */
export async function ownArrivals(wanted: OwnResponder): Promise<Remembered | undefined> {
  const { marks, wholeForMs } = ((await askOwn(wanted, { kind: 'arrivals' })) ?? {}) as Partial<Remembered>;
  return Array.isArray(marks) && typeof wholeForMs === 'number' ? { marks, wholeForMs } : undefined;
}

/** Asked over loopback, so that no network is part of the answer. */
async function askOwn(wanted: OwnResponder, question: OwnQuestion): Promise<unknown> {
  const { tcpPort, uid, timeoutMs, signal, token, nonce } = wanted;
  let told: unknown;
  await exchange(timeoutMs, signal, (end) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port: tcpPort, autoSelectFamily: false });
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.write(wishLine(token, nonce, question)));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MAX_TRANSFER_BYTES) socket.destroy();
    });
    socket.on('end', () => {
      const [greeting = '', answer = ''] = text.split('\n');
      const attempt = attemptOfAnswer(greeting, nonce, [uid]);
      if (attempt.outcome === 'reached') told = valueIn(answer);
      end(attempt);
    });
    socket.on('error', () => end({ outcome: 'refused' }));
    return { silence: () => ({ outcome: 'timed-out' }), close: () => socket.destroy() };
  });
  return told;
}

function valueIn(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
