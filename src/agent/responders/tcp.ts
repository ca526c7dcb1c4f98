import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import {
  MAX_REQUEST_BYTES,
  type OwnQuestion,
  partedRequest,
  plainAddress,
  type Remembered,
  receiptOf,
  type Unserved,
  type Wish,
} from '../../checks/shared/greeting.ts';
import { type Answer, bindError, onEveryFamily, type Responder } from './responder.ts';

const IDLE_MS = 5000;
/** Far more than a transfer needs that anybody still waits for. */
const LONGEST_MS = 60_000;
/** Far above what a run's probers open at once towards one address, far below the file descriptor limit. */
export const MAX_CONNECTIONS = 1024;

/** What a responder knows of itself, by the question that its own prober asks. */
export interface OwnKnowledge {
  unserved(): readonly Unserved[];
  arrivals(): Remembered;
}

/** One line in, one line out, and then what was wished for. Hangs up without a word on anything else. */
export async function serveTcp(port: number, answer: Answer, knows: OwnKnowledge): Promise<Responder> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    const longest = setTimeout(() => socket.destroy(), LONGEST_MS);
    socket.on('close', () => {
      clearTimeout(longest);
      open.delete(socket);
    });
    converse(socket, answer, knows);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await onEveryFamily(async (host) => {
    server.listen({ host, port });
    await once(server, 'listening');
  }).catch((error: unknown) => {
    throw bindError('tcp', port, error);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function converse(socket: Socket, answer: Answer, knows: OwnKnowledge): void {
  let request = '';
  socket.setEncoding('latin1');
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    request += chunk;
    const end = request.indexOf('\n');
    if (end < 0 && request.length <= MAX_REQUEST_BYTES) return;
    socket.removeAllListeners('data').resume();
    const tooLong = end < 0 || end > MAX_REQUEST_BYTES;
    const { greeting, wish } = partedRequest(tooLong ? '' : request.slice(0, end));
    const isOwn = wish !== undefined && !('bytes' in wish);
    const reply = answer(greeting, socket.remoteAddress, isOwn);
    if (reply === undefined) socket.destroy();
    else if (wish === undefined) socket.end(reply);
    else if (!('bytes' in wish)) tell(socket, reply, wish, knows);
    else grant(socket, reply, wish);
  });
}

/** Only for those who have shown the token; who reached this pod is nobody's business but the pod's own. */
function tell(socket: Socket, reply: string, { kind }: OwnQuestion, knows: OwnKnowledge): void {
  if (kind === 'arrivals' && !isLoopback(socket.remoteAddress)) socket.destroy();
  else socket.end(`${reply}${JSON.stringify(knows[kind]())}\n`);
}

function isLoopback(peer = ''): boolean {
  return peer === '::1' || plainAddress(peer).startsWith('127.');
}

/** Only for those who have shown the token. */
function grant(socket: Socket, reply: string, wish: Exclude<Wish, OwnQuestion>): void {
  // Full segments without delay: neither side may wait for the other's acknowledgement.
  socket.setNoDelay(true);
  if (wish.kind === 'download') socket.end(reply + 'x'.repeat(wish.bytes));
  else {
    let got = 0;
    socket.write(reply);
    socket.on('data', (chunk: string) => {
      got += chunk.length;
      if (got < wish.bytes) return;
      socket.removeAllListeners('data').resume();
      socket.end(receiptOf(got));
    });
  }
}
