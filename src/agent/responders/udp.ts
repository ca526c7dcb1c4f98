import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestIn } from '../../checks/shared/vxlan-payload.ts';
import { localAddresses } from './local-addresses.ts';
import { type Answer, bindError, codeOf, type Responder } from './responder.ts';

/** About 5 000 requests; the kernel's rmem_max caps it. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
const REFRESH_MS = 2000;
const START_TRIES = 25;

/**
 * Answers each datagram that carries the token, never with more bytes than it got.
 *
 * One socket per local address instead of one on `::`: a wildcard socket answers from the address that the
 * route back prefers. On a node that is the bridge's or the tunnel's, not the one that was asked (Node has no
 * IP_PKTINFO), so a healthy path would look dead.
 *
 * Throws when the port is taken; with `onTaken` that is told instead, and tried again every two seconds.
 */
export async function serveUdp(
  port: number,
  answer: Answer,
  addresses = localAddresses,
  onTaken?: OnTaken,
): Promise<Responder> {
  const sockets = new Map<string, Socket>();
  const taken = new Set<string>();
  let closed = false;
  const portInUse = () => sockets.values().next().value?.address().port ?? port;
  const forget = (address: string, socket: Socket) => {
    socket.close();
    sockets.delete(address);
  };
  const close = async () => {
    closed = true;
    clearInterval(refresh);
    for (const [address, socket] of sockets) forget(address, socket);
  };
  /** Whether every local address has its socket now. */
  const follow = async (): Promise<boolean> => {
    const wanted = addresses();
    for (const [address, socket] of sockets) if (!wanted.includes(address)) forget(address, socket);
    for (const address of wanted) {
      if (sockets.has(address)) continue;
      const socket = await bound(address, portInUse(), answer, (code) => {
        taken.add(address);
        onTaken?.(address, code);
        return onTaken !== undefined;
      });
      if (socket) {
        sockets.set(address, socket);
        onTaken?.(address, undefined);
      }
      if (closed) await close();
    }
    return wanted.every((address) => sockets.has(address) || taken.has(address));
  };
  let refresh: NodeJS.Timeout | undefined;
  try {
    for (let tries = START_TRIES; tries > 0 && !(await follow()); tries -= 1) await sleep(200);
  } catch (error) {
    await close();
    throw bindError('udp', port, error);
  }
  // Addresses come and go: a tunnel that the CNI makes later, a virtual address that moves.
  refresh = setInterval(() => void follow().catch(() => undefined), REFRESH_MS);
  return { port: portInUse(), close };
}

/** Told of each address whose port could not be opened, by errno's name, and once more without one when it could. */
export type OnTaken = (address: string, code: string | undefined) => void;

/** What is no passing state of an address: another socket has the port, or it is one for the privileged. */
const TAKEN = new Set(['EADDRINUSE', 'EACCES']);

/** Undefined while the kernel does not let the address be used: IPv6 duplicate detection, or gone already. */
async function bound(
  address: string,
  port: number,
  answer: Answer,
  isBearable: (code: string) => boolean,
): Promise<Socket | undefined> {
  const type = isIPv6(address) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.on('message', (data, peer) => {
    const reply = answer(requestIn(data).toString('latin1'), peer.address);
    if (reply !== undefined && Buffer.byteLength(reply) <= data.length) {
      socket.send(reply, peer.port, peer.address, () => undefined);
    }
  });
  socket.bind({ address, port, exclusive: true });
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    if (codeOf(error) === 'EADDRNOTAVAIL') return undefined;
    if (TAKEN.has(codeOf(error)) && isBearable(codeOf(error))) return undefined;
    throw error;
  }
  socket.on('error', () => undefined);
  return socket;
}
