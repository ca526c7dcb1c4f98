import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { MAX_REQUEST_BYTES } from '../../checks/shared/greeting.ts';
import { type Answer, bindError, onEveryFamily, type Responder } from './responder.ts';

const IDLE_MS = 5000;
/** Far above what a run's probers open at once towards one address, far below the file descriptor limit. */
export const MAX_CONNECTIONS = 1024;

/** One line in, one line out. Hangs up without a word on anything else. */
export async function serveTcp(port: number, answer: Answer): Promise<Responder> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    converse(socket, answer);
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

function converse(socket: Socket, answer: Answer): void {
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
    const reply = tooLong ? undefined : answer(request.slice(0, end), socket.remoteAddress);
    if (reply === undefined) socket.destroy();
    else socket.end(reply);
  });
}
