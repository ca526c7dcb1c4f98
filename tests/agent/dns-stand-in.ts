// A name server on loopback, one port for udp and tcp, that says what a test wants.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Answer, decode, encode, type Packet } from 'dns-packet';
import { onTestFinished } from 'vitest';

export interface Asked {
  transport: 'udp' | 'tcp';
  id: number;
  name: string;
  type: string;
  /** Counts the questions that this server got. */
  nth: number;
  /** Source port of the question. */
  from: number;
}

/** A packet, raw bytes, or nothing at all. */
type Reply = Packet | Buffer | undefined;

export async function dnsStandIn(reply: (asked: Asked) => Reply, address = '127.0.0.1'): Promise<number> {
  let nth = 0;
  const bytesFor = (data: Buffer, transport: Asked['transport'], from: number): Buffer | undefined => {
    const { id = 0, questions } = decode(data);
    const { name = '', type = 'A' } = questions?.[0] ?? {};
    nth += 1;
    const said = reply({ transport, id, name, type, nth, from });
    return said === undefined || Buffer.isBuffer(said) ? said : encode(said);
  };
  const tcp = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      const said = bytesFor(data.subarray(2), 'tcp', socket.remotePort ?? 0);
      if (said !== undefined) socket.write(Buffer.concat([lengthOf(said), said]));
    });
  });
  const open = new Set<Socket>();
  tcp.listen({ host: address, port: 0 });
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (data, peer) => {
    const said = bytesFor(data, 'udp', peer.port);
    if (said !== undefined) udp.send(said, peer.port, peer.address);
  });
  udp.bind({ address, port });
  await once(udp, 'listening');
  onTestFinished(() => {
    udp.close();
    tcp.close();
    for (const socket of open) socket.destroy();
  });
  return port;
}

/** The answer to what was asked, with these addresses (or names). */
export function answerTo({ id, name, type }: Asked, data: string[] = [], more: Partial<Packet> = {}): Packet {
  const answers = data.map((value) => ({ type, name, ttl: 5, data: value }) as Answer);
  return { id, type: 'response', questions: [{ name, type: type as 'A' }], answers, ...more };
}

/** The same with an error; typings know no rcode, it is the low bits of the flags. */
export function refusalOf(asked: Asked, rcode: number): Packet {
  return answerTo(asked, [], { flags: rcode });
}

function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return length;
}
