import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Attempt, Family } from '../../model.ts';
import { attemptOfAnswer } from './answer.ts';
import { attemptOfError } from './errno.ts';
import { exchange } from './exchange.ts';
import { DATAGRAM_BYTES, parseReply, requestLine } from './greeting.ts';

/** One socket: what ECMP and bonds hash to one way. */
export interface Flow {
  port: number;
  socket: Socket;
}

export interface Target {
  address: string;
  port: number;
  family: Family;
  expect: readonly string[];
}

export interface Sample {
  /** In the order of the flows. */
  flows: { port: number; sent: number; received: number }[];
  /** Of all answered ones, milliseconds, in no order. */
  rttsMs: number[];
  /** The first answer. */
  answer: Attempt | undefined;
  /** A local fault, another responder, or what the kernel was told instead of an answer. */
  fault: Attempt | undefined;
}

/**
 * Sockets connected to the target, from `base` upwards or (0) from ports of the kernel's choice. Ports are shared: probes to
 * several targets may use the same ones at once, and being connected keeps their answers apart. Throws what bind throws.
 */
export async function openFlows(
  count: number,
  base: number,
  { address, port, family }: Target,
): Promise<Flow[]> {
  const flows: Flow[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const type = family === 'v6' ? 'udp6' : 'udp4';
      const socket = createSocket({ type, reuseAddr: base !== 0, ipv6Only: family === 'v6' });
      flows.push({ port: 0, socket });
      if (base !== 0) {
        socket.bind(base + index);
        await once(socket, 'listening');
      }
      socket.connect(port, address);
      await once(socket, 'connect');
    }
  } catch (error) {
    closeFlows(flows);
    throw error;
  }
  return flows.map(({ socket }) => ({ socket, port: socket.address().port }));
}

export function closeFlows(flows: readonly Flow[]): void {
  for (const { socket } of flows) socket.close();
}

/** `perFlow` datagrams on each flow, or as many as `total` allows, in turn, `gapMs` apart: and what came of them. */
export async function sampleFlows(
  flows: readonly Flow[],
  {
    total,
    gapMs,
    timeoutMs,
    expect,
  }: { total: number; gapMs: number; timeoutMs: number; expect: readonly string[] },
  { signal, token, nonce: fresh }: { signal: AbortSignal; token: string; nonce(): string },
): Promise<Sample> {
  const sample: Sample = {
    flows: flows.map(({ port }) => ({ port, sent: 0, received: 0 })),
    rttsMs: [],
    answer: undefined,
    fault: undefined,
  };
  const asked = new Map<string, { flow: number; at: number }>();
  // Still known when they are answered: a second answer, by another pod, must not pass for nobody's.
  const answered = new Set<string>();
  const ending = await exchange((total - 1) * gapMs + timeoutMs, signal, (end) => {
    const fail = (error: Error) => {
      sample.fault ??= attemptOfError(error);
      if (sample.fault.outcome === 'unobserved') end(sample.fault);
    };
    const onMessage = (data: Buffer) => {
      const at = performance.now();
      const text = data.toString('latin1');
      const nonce = parseReply(text)?.nonce ?? '';
      const question = asked.get(nonce);
      const tally = sample.flows[question?.flow ?? -1];
      if (question === undefined || tally === undefined) return;
      const answer = attemptOfAnswer(text, nonce, expect);
      if (answer.outcome === 'wrong-responder') return end(answer);
      // A datagram that the network doubled is one answer, not two.
      if (answered.has(nonce)) return;
      answered.add(nonce);
      sample.answer ??= answer;
      sample.rttsMs.push(at - question.at);
      tally.received += 1;
      if (sample.rttsMs.length === total) end({ outcome: 'reached' });
    };
    for (const { socket } of flows) socket.on('message', onMessage).on('error', fail);
    let sent = 0;
    const send = () => {
      const index = sent % flows.length;
      const [flow, tally] = [flows[index], sample.flows[index]];
      sent += 1;
      if (sent === total) clearInterval(timer);
      if (flow === undefined || tally === undefined) return;
      tally.sent += 1;
      const nonce = fresh();
      const request = requestLine(token, nonce).padEnd(DATAGRAM_BYTES);
      asked.set(nonce, { flow: index, at: performance.now() });
      flow.socket.send(request, (error) => error && fail(error));
    };
    const timer = setInterval(send, gapMs);
    send();
    return {
      silence: () => ({ outcome: 'timed-out' }),
      close: () => {
        clearInterval(timer);
        for (const { socket } of flows)
          socket
            .off('message', onMessage)
            .off('error', fail)
            .on('error', () => undefined);
      },
    };
  });
  if (ending.outcome !== 'reached' && ending.outcome !== 'timed-out') sample.fault = ending;
  return sample;
}
