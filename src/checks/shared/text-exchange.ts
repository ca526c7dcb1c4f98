import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Attempt, TextQuestion } from '../../model.ts';
import { excerpt } from './answer.ts';
import { attemptOfError } from './errno.ts';
import { exchange } from './exchange.ts';
import { stopwatch } from './progress.ts';
import type { Recipient } from './web-exchange.ts';

const MAX_REPLY_CHARS = 64 * 1024;

/** A TCP connection; where the question sends or awaits something, also what is said over it. */
export function askTcp({ address, timeoutMs, signal }: Recipient, question: TextQuestion): Promise<Attempt> {
  const { port, send, reply } = question;
  const watch = stopwatch(address);
  return exchange(timeoutMs, signal, (report) => {
    const end = (attempt: Attempt) => report(watch.stamped(attempt));
    let came = '';
    const socket = connect({ host: address, port, autoSelectFamily: false, noDelay: true });
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      watch.enter('answer');
      const { connectMs = 0 } = watch.progress;
      if (send === undefined && reply === undefined) end(answered(connectMs, 'connected'));
      else if (send !== undefined) socket.write(send, 'latin1');
    });
    socket.on('data', (chunk: string) => {
      watch.firstByte();
      came = (came + chunk).slice(0, MAX_REPLY_CHARS);
      if (came.includes(reply ?? '')) end(answered(watch.progress.firstByteMs ?? 0, excerpt(came)));
      else if (came.length === MAX_REPLY_CHARS) end(otherThan(reply, came));
    });
    socket.on('end', () => {
      if (came !== '') end(otherThan(reply, came));
      else end({ outcome: 'reset', detail: 'closed without an answer' });
    });
    socket.on('error', (error) => end(attemptOfError(error)));
    const silence = (): Attempt => {
      if (came !== '') return otherThan(reply, came);
      const connected = watch.progress.step === 'answer';
      return { outcome: 'timed-out', detail: connected ? 'connected, no answer' : 'no connection' };
    };
    return { silence: () => watch.stamped(silence()), close: () => socket.destroy() };
  });
}

/** One datagram, and the first that comes back: only that proves anything. */
export function askUdp({ address, timeoutMs, signal }: Recipient, question: TextQuestion): Promise<Attempt> {
  const { port, send = '', reply } = question;
  const watch = stopwatch(address);
  return exchange(timeoutMs, signal, (report) => {
    const end = (attempt: Attempt) => report(watch.stamped(attempt));
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.on('error', (error) => end(attemptOfError(error)));
    socket.on('message', (data) => {
      watch.firstByte();
      const came = data.toString('latin1');
      if (came.includes(reply ?? '')) end(answered(watch.progress.firstByteMs ?? 0, excerpt(came)));
      else end(otherThan(reply, came));
    });
    // Connected, so that the kernel reports an ICMP error and drops strangers' datagrams.
    socket.connect(port, address, (error?: Error) => {
      if (error) return end(attemptOfError(error));
      watch.enter('answer');
      socket.send(Buffer.from(send, 'latin1'), (failure) => failure && end(attemptOfError(failure)));
    });
    return {
      silence: () => watch.stamped({ outcome: 'timed-out', sent: 1, received: 0 }),
      close: () => socket.close(),
    };
  });
}

function answered(rttMs: number, detail: string): Attempt {
  return { outcome: 'reached', sent: 1, received: 1, rttMs, detail };
}

function otherThan(reply: string | undefined, came: string): Attempt {
  return { outcome: 'wrong-answer', detail: `expected ${JSON.stringify(reply)}, got ${excerpt(came)}` };
}
