import { connect } from 'node:net';
import { attemptOfAnswer } from './answer.ts';
import { exchange } from './exchange.ts';
import { MAX_TRANSFER_BYTES, type Unserved, wishLine } from './greeting.ts';

export interface OwnResponder {
  tcpPort: number;
  /** Of the responder's pod: the source's own. */
  uid: string;
  timeoutMs: number;
  signal: AbortSignal;
  token: string;
  nonce: string;
}

/**
 * The UDP ports that the source's own responder could not open: asked over loopback, so that no network is part of the
 * answer. Undefined when it does not tell.
 */
export async function ownUnserved(wanted: OwnResponder): Promise<Unserved[] | undefined> {
  const { tcpPort, uid, timeoutMs, signal, token, nonce } = wanted;
  let unserved: Unserved[] | undefined;
  await exchange(timeoutMs, signal, (end) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port: tcpPort, autoSelectFamily: false });
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.write(wishLine(token, nonce, { kind: 'unserved' })));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MAX_TRANSFER_BYTES) socket.destroy();
    });
    socket.on('end', () => {
      const [greeting = '', list = ''] = text.split('\n');
      const answer = attemptOfAnswer(greeting, nonce, [uid]);
      if (answer.outcome === 'reached') unserved = listIn(list);
      end(answer);
    });
    socket.on('error', () => end({ outcome: 'refused' }));
    return { silence: () => ({ outcome: 'timed-out' }), close: () => socket.destroy() };
  });
  return unserved;
}

function listIn(json: string): Unserved[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? (value as Unserved[]) : undefined;
  } catch {
    return undefined;
  }
}
