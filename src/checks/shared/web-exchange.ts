import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Attempt, HttpQuestion } from '../../model.ts';
import { excerpt } from './answer.ts';
import { attemptOfError } from './errno.ts';
import { exchange } from './exchange.ts';
import { attemptOfHttpError } from './not-http.ts';
import { type Stopwatch, stopwatch } from './progress.ts';
import { secure } from './secure.ts';
import { faultOfBody, faultOfStatus } from './web-answer.ts';

/** To whom a question goes, and for how long. */
export interface Recipient {
  address: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Of a body, read at most: what must be in it must be within these. */
const MAX_BODY_BYTES = 64 * 1024;
/** Enough of a body that came with a wrong status to quote from. */
const QUOTED_BYTES = 128;

/** One HTTP(S) GET, its whole answer up to 64 KiB. Redirects are answers like any other. */
export function askWeb({ address, timeoutMs, signal }: Recipient, question: HttpQuestion): Promise<Attempt> {
  const watch = stopwatch(address);
  return exchange(timeoutMs, signal, (report) => {
    const end = (attempt: Attempt) => report(watch.stamped(attempt));
    const answer: Answer = { body: '' };
    let outgoing: ClientRequest | undefined;
    const socket = connect({ host: address, port: question.port, autoSelectFamily: false, noDelay: true });
    socket.on('error', (error) => end(attemptOfError(error)));
    socket.on('connect', () => {
      if (question.tls === undefined) return send(socket);
      watch.enter('tls');
      secure(socket, question.tls, send, end);
    });
    const send = (stream: Socket) => {
      watch.enter('answer');
      outgoing = ask(stream, question);
      outgoing.on('response', (response) => receive(response, question, answer, watch, end));
      outgoing.on('error', (error) => end(attemptOfHttpError(error)));
      outgoing.on('close', () => end({ outcome: 'reset', detail: 'closed without an answer' }));
    };
    return {
      silence: () => watch.stamped(silenceAfter(watch, question, answer)),
      close: () => {
        outgoing?.destroy();
        socket.destroy();
      },
    };
  });
}

interface Answer {
  /** Undefined until the head is here. */
  response?: IncomingMessage;
  body: string;
}

function ask(stream: Socket, { host, path }: HttpQuestion): ClientRequest {
  const headers = { host, accept: '*/*', 'user-agent': 'netaccept', connection: 'close' };
  const outgoing = request({ createConnection: () => stream, path, headers });
  outgoing.end();
  return outgoing;
}

function receive(
  response: IncomingMessage,
  question: HttpQuestion,
  answer: Answer,
  watch: Stopwatch,
  end: (attempt: Attempt) => void,
): void {
  watch.firstByte();
  watch.progress.status = response.statusCode ?? 0;
  answer.response = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const enough = faultOfStatus(response, question, '') === undefined ? MAX_BODY_BYTES : QUOTED_BYTES;
  const judge = () => end(attemptOf(question, answer, watch));
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    answer.body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('latin1');
    if (bytes >= enough) judge();
  });
  response.on('end', judge);
  response.on('error', (error) => end(attemptOfHttpError(error)));
}

function attemptOf(question: HttpQuestion, { response, body }: Answer, watch: Stopwatch): Attempt {
  const fault = response && (faultOfStatus(response, question, body) ?? faultOfBody(question, body));
  if (fault !== undefined) return { outcome: 'wrong-answer', detail: fault };
  const { firstByteMs = 0, status } = watch.progress;
  return { outcome: 'reached', sent: 1, received: 1, rttMs: firstByteMs, detail: `HTTP ${status}` };
}

/** A wrong status is news even if nothing more comes. */
function silenceAfter(watch: Stopwatch, question: HttpQuestion, answer: Answer): Attempt {
  const { response, body } = answer;
  if (response !== undefined) {
    const fault = faultOfStatus(response, question, body);
    if (fault !== undefined) return { outcome: 'wrong-answer', detail: fault };
    const came = `${body.length} bytes of the body${body === '' ? '' : `, ${excerpt(body)}`}`;
    return { outcome: 'timed-out', detail: `HTTP ${response.statusCode}, then only ${came}` };
  }
  const { step } = watch.progress;
  const so = {
    resolve: '',
    connect: 'no connection',
    tls: 'connected, no TLS',
    answer: 'connected, no answer',
  };
  return { outcome: 'timed-out', detail: so[step] };
}
