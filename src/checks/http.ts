import { type IncomingMessage, request } from 'node:http';
import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import { attemptOfAnswer } from './shared/answer.ts';
import type { Aim, Check, ControlAim, ProbeContext } from './shared/check.ts';
import { exchange, since } from './shared/exchange.ts';
import { MAX_REPLY_BYTES, WHO_PATH } from './shared/greeting.ts';
import { attemptOfHttpError } from './shared/not-http.ts';
import { expandPairs, pairPaths } from './shared/pairs.ts';

export const http = {
  name: 'http',
  title: 'an HTTP GET, status 200 and identity',
  proof: 'the expected pod answered this very request with 200: its UID and the nonce came back',
  runs: 'by default',
  paths: pairPaths,
  expand: (topology: Topology, settings: Settings): Case[] => expandPairs('http', topology, settings),
  aim: (entry: Case, topology: Topology, { agents }: Settings): Aim =>
    aimOf(entry, topology, { port: agents.ports.http, count: 1, identified: true }),
  controls: ({ agents }: Settings): ControlAim[] => [
    { kind: 'closed-port', port: agents.ports.closed, count: 1 },
    { kind: 'silent-address', port: agents.ports.http, count: 1 },
  ],
  attempt,
} as const satisfies Check;

function attempt(probe: Probe, { signal, token, nonce: fresh }: ProbeContext): Promise<Attempt> {
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
