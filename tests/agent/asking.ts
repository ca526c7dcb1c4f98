// Servers that are not ours: what checks of ingresses and external targets are tried on.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Asked } from '../../src/checks/shared/question.ts';
import type { HttpQuestion, Probe, Question } from '../../src/model.ts';

export async function httpsStandIn(options: ServerOptions, listener: RequestListener): Promise<number> {
  const server = createServer(options, listener).listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

export function webQuestion(port: number, more: Partial<HttpQuestion> = {}): HttpQuestion {
  return { protocol: 'http', port, host: 'shop.example.test', path: '/health', status: [200], ...more };
}

/** A probe of one of the checks that ask what is not ours. */
export function asking(question: Question, more: Partial<Probe> = {}): Probe {
  return {
    case: 'a case',
    check: 'external',
    family: 'v4',
    address: '127.0.0.1',
    port: question.port,
    expect: [],
    timeoutMs: 5000,
    attempts: 1,
    count: 1,
    ask: { question } satisfies Asked,
    ...more,
  };
}

/** What a name server says to a question for `name`: addresses, or a code (3: no such name). */
export type Zone = Record<string, { A?: string; AAAA?: Buffer; code?: number; silent?: true }>;

/** A name server as `127.0.0.1:port`. */
export async function nameServer(zone: Zone): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const answer = answerTo(query, zone);
    if (answer !== undefined) socket.send(answer, peer.port, peer.address);
  });
  socket.bind({ address: '127.0.0.1', port: 0 });
  await once(socket, 'listening');
  onTestFinished(() => {
    socket.close();
  });
  return `127.0.0.1:${socket.address().port}`;
}

/** RFC 1035, 4.1: the question back, and at most one record whose name points to it. */
function answerTo(query: Buffer, zone: Zone): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const isV6 = query.readUInt16BE(at + 1) === 28;
  const found = zone[labels.join('.').toLowerCase()] ?? { code: 3 };
  if (found.silent) return undefined;
  const data = isV6 ? found.AAAA : found.A && Buffer.from(found.A.split('.').map(Number));
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | (found.code ?? 0), 2);
  header.writeUInt16BE(data ? 1 : 0, 6);
  header.fill(0, 8);
  const record = data
    ? [Buffer.from([0xc0, 12, 0, isV6 ? 28 : 1, 0, 1, 0, 0, 0, 9, 0, data.length]), data]
    : [];
  return Buffer.concat([header, query.subarray(12, at + 5), ...record]);
}
