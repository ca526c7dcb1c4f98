import { isSameAddress } from '../cidr.ts';
import type { Host } from './host.ts';

export interface TcpSocket {
  localPort: number;
  remotePort: number;
  remoteAddress: string;
  state: 'listening' | 'established';
}

/** Of /proc/net/tcp and tcp6, which anybody may read; only the two states that are asked for. */
export async function tcpSockets(host: Host): Promise<TcpSocket[]> {
  const tables = await Promise.all([host.proc('net/tcp'), host.proc('net/tcp6')]);
  return tables.flatMap((table) => (table ?? '').split('\n').slice(1).flatMap(socketOf));
}

export function listensOn(sockets: readonly TcpSocket[], port: number): boolean {
  return sockets.some((socket) => socket.state === 'listening' && socket.localPort === port);
}

/** Either end may have dialled. */
export function hasSession(sockets: readonly TcpSocket[], port: number, address: string): boolean {
  return sockets.some(
    ({ state, localPort, remotePort, remoteAddress }) =>
      state === 'established' &&
      (localPort === port || remotePort === port) &&
      isSameAddress(remoteAddress, address),
  );
}

const STATES: Readonly<Record<string, TcpSocket['state']>> = { '01': 'established', '0A': 'listening' };

function socketOf(line: string): TcpSocket[] {
  const [, local = '', remote = '', code = ''] = line.trim().split(/\s+/);
  const state = STATES[code];
  if (state === undefined) return [];
  const [address = '', port = ''] = remote.split(':');
  const localPort = Number.parseInt(local.split(':')[1] ?? '', 16);
  return [{ localPort, remotePort: Number.parseInt(port, 16), remoteAddress: addressOf(address), state }];
}

/** Words of four bytes, each in the order of the machine, which is little-endian wherever Node.js is at home. */
function addressOf(hex: string): string {
  const bytes = Array.from({ length: hex.length / 8 }, (_, word) =>
    hex.slice(word * 8, word * 8 + 8),
  ).flatMap((word) => [word.slice(6, 8), word.slice(4, 6), word.slice(2, 4), word.slice(0, 2)]);
  const isMapped = hex.startsWith('0000000000000000FFFF0000');
  const v4 = bytes.length === 4 ? bytes : isMapped ? bytes.slice(12) : undefined;
  if (v4 !== undefined) return v4.map((byte) => Number.parseInt(byte, 16)).join('.');
  return Array.from({ length: 8 }, (_, at) => `${bytes[at * 2]}${bytes[at * 2 + 1]}`).join(':');
}
