import { createSocket } from 'node:dgram';
import type { Attempt, Family } from '../../model.ts';
import { attemptOfAnswer } from './answer.ts';
import { attemptOfError } from './errno.ts';
import { exchange, since } from './exchange.ts';
import { parseReply, requestLine } from './greeting.ts';
import { payloadOf } from './packet.ts';

export interface SizedDatagrams {
  address: string;
  port: number;
  family: Family;
  /** Of the whole IP packets, bytes; one that the device cannot carry is sent in fragments. */
  sizes: readonly number[];
  expect: readonly string[];
  timeoutMs: number;
  signal: AbortSignal;
  token: string;
  nonce(): string;
}

export interface SizesResult {
  /** Sizes that got an answer from an expected pod. */
  answered: number[];
  /** Of each size those up to the one that was answered: an answer that was only late is no loss. */
  sent: number;
  received: number;
  /** Of the smallest one. */
  rttMs?: number;
  responder?: Attempt['responder'];
  /** What made it end: an answer by somebody else, a refusal, a local fault. */
  fault?: Attempt;
}

/** A single lost datagram must not look like a size that does not pass. */
const TRIES = 3;

/**
 * Which sizes of datagrams are answered. The replies are short, so this is about the way there only. Each is tried
 * three times within the limit, as long as it is not answered.
 */
export async function sizedDatagrams(wanted: SizedDatagrams): Promise<SizesResult> {
  const { address, port, family, sizes, expect, timeoutMs, signal, token, nonce: fresh } = wanted;
  const asked = new Map<string, { size: number; nth: number; at: number }>();
  const answered = new Map<number, { nth: number; rttMs: number }>();
  let tries = 0;
  let responder: Attempt['responder'];
  const ending = await exchange(timeoutMs, signal, (end) => {
    const socket = createSocket(family === 'v6' ? 'udp6' : 'udp4');
    let timer: NodeJS.Timeout | undefined;
    const fail = (error: NodeJS.ErrnoException) => {
      // The kernel has just learned of a smaller path MTU: it fragments from now on.
      if (error.code !== 'EMSGSIZE') end(attemptOfError(error));
    };
    const sendOpen = () => {
      tries += 1;
      if (tries === TRIES) clearInterval(timer);
      for (const size of sizes) {
        if (answered.has(size)) continue;
        const nonce = fresh();
        asked.set(nonce, { size, nth: tries, at: performance.now() });
        const request = requestLine(token, nonce).padEnd(payloadOf(size, family));
        socket.send(request, (error) => error && fail(error));
      }
    };
    socket.on('error', fail);
    socket.on('message', (data) => {
      const text = data.toString('latin1');
      const nonce = parseReply(text)?.nonce ?? '';
      const question = asked.get(nonce);
      if (question === undefined) return;
      const answer = attemptOfAnswer(text, nonce, expect);
      if (answer.outcome === 'wrong-responder') return end(answer);
      if (answered.has(question.size)) return;
      responder = answer.responder;
      answered.set(question.size, { nth: question.nth, rttMs: since(question.at) });
      if (answered.size === sizes.length) end({ outcome: 'reached' });
    });
    socket.connect(port, address, (error?: Error) => {
      if (error) return fail(error);
      timer = setInterval(sendOpen, timeoutMs / TRIES);
      sendOpen();
    });
    return {
      silence: () => ({ outcome: 'timed-out' }),
      close: () => {
        clearInterval(timer);
        socket.close();
      },
    };
  });
  const rttMs = answered.get(Math.min(...answered.keys()))?.rttMs;
  return {
    answered: [...answered.keys()],
    sent: sizes.reduce((sum, size) => sum + (answered.get(size)?.nth ?? tries), 0),
    received: answered.size,
    ...(rttMs !== undefined && { rttMs }),
    ...(responder && { responder }),
    ...(ending.outcome !== 'reached' && ending.outcome !== 'timed-out' && { fault: ending }),
  };
}
