import { connect } from 'node:net';
import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import { attemptOfAnswer } from './shared/answer.ts';
import type { Aim, Check, ControlAim, ProbeContext } from './shared/check.ts';
import { attemptOfError } from './shared/errno.ts';
import { exchange, since } from './shared/exchange.ts';
import { MAX_REPLY_BYTES, requestLine } from './shared/greeting.ts';
import { expandPairs, pairPaths } from './shared/pairs.ts';

export const tcp = {
  name: 'tcp',
  title: 'a TCP connection, one line each way',
  proof: 'the expected pod answered this very request: its UID and the nonce came back',
  runs: 'by default',
  paths: pairPaths,
  expand: (topology: Topology, settings: Settings): Case[] => expandPairs('tcp', topology, settings),
  aim: (entry: Case, topology: Topology, { agents }: Settings): Aim =>
    aimOf(entry, topology, { port: agents.ports.tcp, count: 1, identified: true }),
  controls: ({ agents }: Settings): ControlAim[] => [
    { kind: 'closed-port', port: agents.ports.closed, count: 1 },
    { kind: 'silent-address', port: agents.ports.tcp, count: 1 },
  ],
  attempt,
} as const satisfies Check;

function attempt(probe: Probe, { signal, token, nonce: fresh }: ProbeContext): Promise<Attempt> {
  const nonce = fresh();
  return exchange(probe.timeoutMs, signal, (end) => {
    let asked: number | undefined;
    let text = '';
    const socket = connect({ host: probe.address, port: probe.port, autoSelectFamily: false, noDelay: true });
    socket.setEncoding('latin1');
    const judge = () => {
      const answer = attemptOfAnswer(text.split('\n', 1)[0] ?? '', nonce, probe.expect);
      end({ ...answer, rttMs: since(asked ?? performance.now()) });
    };
    socket.on('connect', () => {
      asked = performance.now();
      socket.write(requestLine(token, nonce));
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n') || text.length >= MAX_REPLY_BYTES) judge();
    });
    socket.on('end', () => {
      if (text === '') end({ outcome: 'reset', detail: 'closed without an answer' });
      else judge();
    });
    socket.on('error', (error) => end(attemptOfError(error)));
    return {
      silence: () => ({
        outcome: 'timed-out',
        // The kernel of a frozen node still accepts connections: this tells it from a dropped SYN.
        detail: asked === undefined ? 'no connection' : 'connected, no answer',
      }),
      close: () => socket.destroy(),
    };
  });
}
