import { createSocket } from 'node:dgram';
import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import type { Aim, Check, ControlAim, ProbeContext } from './shared/check.ts';
import { attemptOfError } from './shared/errno.ts';
import { exchange } from './shared/exchange.ts';
import { DATAGRAM_BYTES, requestLine } from './shared/greeting.ts';
import { expandPairs, pairPaths } from './shared/pairs.ts';
import { tally } from './shared/tally.ts';

// Spaced, so that a burst of one attempt does not overflow a socket buffer and look like loss.
const SPACING_MS = 20;

export const udp = {
  name: 'udp',
  title: 'several UDP datagrams, each answered',
  proof: 'the expected pod answered each counted datagram: its UID and the datagram’s nonce came back',
  runs: 'by default',
  paths: pairPaths,
  expand: (topology: Topology, settings: Settings): Case[] => expandPairs('udp', topology, settings),
  aim: (entry: Case, topology: Topology, { agents, probe }: Settings): Aim =>
    aimOf(entry, topology, { port: agents.ports.udp, count: probe.datagrams, identified: true }),
  controls: ({ agents, probe }: Settings): ControlAim[] => [
    { kind: 'closed-port', port: agents.ports.closed, count: probe.datagrams },
    { kind: 'silent-address', port: agents.ports.udp, count: probe.datagrams },
  ],
  attempt,
} as const satisfies Check;

function attempt(
  probe: Probe,
  { signal, token, nonce: fresh, maxLossPercent }: ProbeContext,
): Promise<Attempt> {
  const limitMs = (probe.count - 1) * SPACING_MS + probe.timeoutMs;
  return exchange(limitMs, signal, (end) => {
    const seen = tally(probe.count, probe.expect, maxLossPercent);
    const socket = createSocket(probe.family === 'v6' ? 'udp6' : 'udp4');
    let left = probe.count;
    let timer: NodeJS.Timeout | undefined;
    const endIfSettled = () => {
      if (seen.settled()) end(seen.result());
    };
    const fail = (error: Error) => {
      seen.failed(attemptOfError(error));
      endIfSettled();
    };
    const send = () => {
      left -= 1;
      if (left === 0) clearInterval(timer);
      const nonce = fresh();
      seen.asked(nonce, performance.now());
      socket.send(requestLine(token, nonce).padEnd(DATAGRAM_BYTES), (error) => error && fail(error));
    };
    socket.on('error', fail);
    socket.on('message', (data) => {
      seen.heard(data.toString('latin1'), performance.now());
      endIfSettled();
    });
    // Connected, so that the kernel reports an ICMP error ("port unreachable") and drops strangers' datagrams.
    socket.connect(probe.port, probe.address, (error?: Error) => {
      if (error) return fail(error);
      timer = setInterval(send, SPACING_MS);
      send();
    });
    return {
      silence: seen.result,
      close: () => {
        clearInterval(timer);
        socket.close();
      },
    };
  });
}
