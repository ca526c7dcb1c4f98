import { createSocket } from 'node:dgram';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Attempt, Probe } from '../../../model.ts';
import { excerpt } from '../answer.ts';
import type { ProbeContext } from '../check.ts';
import { attemptOfError } from '../errno.ts';
import { exchange, since } from '../exchange.ts';
import { attemptOfHttpError } from '../not-http.ts';
import type { AppAsk } from './ask.ts';

/** As much of a body as is searched. */
const MAX_BODY_BYTES = 256 * 1024;
const SENDS = 3;

/** One exchange with something that is not ours: an answer is worth no more than that it came, and as expected. */
export function appExchange(probe: Probe, ask: AppAsk, context: ProbeContext): Promise<Attempt> {
  if (ask.protocol === 'http') return httpGet(probe, ask, context);
  return ask.protocol === 'udp' ? datagram(probe, ask, context) : connection(probe, ask, context);
}

function connection(probe: Probe, { name }: AppAsk, { signal }: ProbeContext): Promise<Attempt> {
  return exchange(probe.timeoutMs, signal, (end) => {
    const startedAt = performance.now();
    const socket = connect({ host: name ?? probe.address, port: probe.port, autoSelectFamily: false });
    socket.on('connect', () =>
      end({ outcome: 'reached', rttMs: since(startedAt), detail: 'the connection was accepted' }),
    );
    socket.on('error', (error) => end(attemptOfLookup(error)));
    return {
      silence: () => ({ outcome: 'timed-out', detail: 'no connection' }),
      close: () => socket.destroy(),
    };
  });
}

function httpGet(probe: Probe, ask: AppAsk, { signal }: ProbeContext): Promise<Attempt> {
  const { name, path = '/', host, status = 200, body } = ask;
  return exchange(probe.timeoutMs, signal, (end) => {
    const startedAt = performance.now();
    const outgoing = request({
      host: name ?? probe.address,
      port: probe.port,
      path,
      headers: { 'user-agent': 'netaccept', ...(host === undefined ? {} : { host }) },
      agent: false,
    });
    outgoing.on('response', (response) => {
      const rttMs = since(startedAt);
      if (response.statusCode !== status) {
        const detail = `HTTP ${response.statusCode}, expected ${status}`;
        return end({ outcome: 'wrong-answer', rttMs, detail });
      }
      const good: Attempt = { outcome: 'reached', rttMs, detail: `HTTP ${status}` };
      if (body === undefined) return end(good);
      let text = '';
      const judge = () => {
        const detail = `HTTP ${status}, but the body does not contain ${JSON.stringify(body)}: ${excerpt(text)}`;
        const contains = Buffer.from(text, 'latin1').toString('utf8').includes(body);
        end(
          contains
            ? { ...good, detail: `HTTP ${status}, with the expected body` }
            : { ...good, outcome: 'wrong-answer', detail },
        );
      };
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length >= MAX_BODY_BYTES) judge();
      });
      response.on('end', judge);
      response.on('error', (error) => end(attemptOfHttpError(error)));
    });
    outgoing.on('error', (error) => end(attemptOfLookup(error, attemptOfHttpError)));
    outgoing.on('close', () => end({ outcome: 'reset', detail: 'closed without an answer' }));
    outgoing.end();
    return {
      silence: () => ({ outcome: 'timed-out', detail: 'no answer' }),
      close: () => outgoing.destroy(),
    };
  });
}

function datagram(
  probe: Probe,
  { name, send: text = '' }: AppAsk,
  { signal }: ProbeContext,
): Promise<Attempt> {
  return exchange(probe.timeoutMs, signal, (end) => {
    const socket = createSocket(probe.family === 'v6' ? 'udp6' : 'udp4');
    const startedAt = performance.now();
    let sent = 0;
    let timer: NodeJS.Timeout | undefined;
    const fail = (error: Error) => end(attemptOfLookup(error));
    const send = () => {
      sent += 1;
      if (sent === SENDS) clearInterval(timer);
      socket.send(text, (error) => error && fail(error));
    };
    socket.on('error', fail);
    socket.on('message', (data) => {
      const detail = `a datagram came back: ${excerpt(data.toString('latin1'))}`;
      end({ outcome: 'reached', rttMs: since(startedAt), sent, received: 1, detail });
    });
    socket.connect(probe.port, name ?? probe.address, (error?: Error) => {
      if (error) return fail(error);
      timer = setInterval(send, probe.timeoutMs / SENDS);
      send();
    });
    return {
      silence: () => ({ outcome: 'timed-out', sent, received: 0 }),
      close: () => {
        clearInterval(timer);
        socket.close();
      },
    };
  });
}

/** A name that nobody knows is news about the way there, not a fault of the agent's own. */
function attemptOfLookup(
  error: NodeJS.ErrnoException,
  other: (error: Error) => Attempt = attemptOfError,
): Attempt {
  if (error.syscall !== 'getaddrinfo') return other(error);
  return { outcome: 'unreachable', detail: `${error.code} ${error.syscall}` };
}
