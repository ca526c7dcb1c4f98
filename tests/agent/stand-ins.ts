// Responders that are not ours, on real sockets.
import { createSocket, type Socket as Datagrams, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { onTestFinished } from 'vitest';

export async function tcpStandIn(
  onConnection: (socket: Socket) => void,
  host = '127.0.0.1',
  port = 0,
): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen({ host, port });
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

export async function httpStandIn(listener: RequestListener): Promise<number> {
  const server = createHttpServer(listener).listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

export async function udpStandIn(
  onDatagram: (text: string, peer: RemoteInfo, socket: Datagrams) => void,
): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (data, peer) => onDatagram(data.toString(), peer, socket));
  socket.bind({ address: '127.0.0.1', port: 0 });
  await once(socket, 'listening');
  onTestFinished(() => {
    socket.close();
  });
  return socket.address().port;
}

/** A port on which nothing listens, of the kernel's choosing. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The nonce of a request line. */
export function nonceIn(request: string): string {
  return request.trim().split(' ')[2] ?? '';
}

export const hasIPv6 = Object.values(networkInterfaces()).some((entries) =>
  entries?.some((entry) => entry.address === '::1'),
);
