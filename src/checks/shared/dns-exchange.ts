// One question to one name server, once: what a resolver does, without a resolver's caches and second thoughts.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { type DecodedPacket, decode, encode, RECURSION_DESIRED } from 'dns-packet';
import type { Attempt, DnsType } from '../../model.ts';
import { excerpt } from './answer.ts';
import { canonicalName, type DnsRecord, recordOf } from './dns-records.ts';
import { attemptOfError } from './errno.ts';
import { type Exchange, exchange, since } from './exchange.ts';

export interface DnsQuery {
  /** The server's IP address. */
  address: string;
  port: number;
  transport: 'udp' | 'tcp';
  /** Fully qualified, with or without the root's dot. */
  name: string;
  type: DnsType;
}

/** What a server said: plain JSON. */
export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED` … */
  rcode: string;
  /** It did not fit into a datagram: `records` are not all of them. */
  truncated: boolean;
  /** Of the answer section, of every type: a CNAME stands before what it leads to. */
  records: DnsRecord[];
}

export interface DnsSeen {
  /**
   * `reached` whenever the server answered this very question, whatever it said; `wrong-answer` if what came was
   * no answer to it. `rttMs` is how long the asker waited,
   * for tcp once connected.
   */
  attempt: Attempt;
  answer?: DnsAnswer;
}

/** More than a Service can have in one answer; a server may not fill the journal. */
const MAX_RECORDS = 1024;

/** Asks from a source port of its own, within `limitMs`. Never throws for what the network or the server did. */
export async function askDns(query: DnsQuery, limitMs: number, signal: AbortSignal): Promise<DnsSeen> {
  // Never the same: an answer says which of two questions it is the answer to.
  const ids = [randomInt(0x8000), 0x8000 + randomInt(0x8000)];
  const { name, type } = query;
  const questions = ids.map((id) =>
    encode({ id, type: 'query', flags: RECURSION_DESIRED, questions: [{ name, type }] }),
  );
  let answer: DnsAnswer | undefined;
  const ask = query.transport === 'udp' ? askByUdp : askByTcp;
  const attempt = await exchange(limitMs, signal, (end) =>
    ask(query, questions, limitMs, {
      hear: (data) => {
        const heard = answerIn(data, ids, query);
        if ('wrong' in heard) return heard;
        answer = heard.answer;
        return heard;
      },
      end,
    }),
  );
  return answer === undefined ? { attempt } : { attempt, answer };
}

interface Listener {
  /** Takes the answer and says to which question it is one, counted from 0; or says what else this is. */
  hear(data: Buffer): { to: number } | { wrong: string };
  end(attempt: Attempt): void;
}

/**
 * Asked again after half the time, from the same port: where a Service's address stands for several servers,
 * one flow stays with one of them, so a lost datagram is told from a server that does not answer. And a server (or
 * this very process) that is only late has lost nothing: `sent` counts no further than to the question that was answered.
 */
function askByUdp(
  { address, port }: DnsQuery,
  questions: readonly Buffer[],
  limitMs: number,
  { hear, end }: Listener,
): Exchange {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  let sent = 0;
  let askedAt = 0;
  let stray: string | undefined;
  let again: NodeJS.Timeout | undefined;
  const fail = (error: Error) => end({ ...attemptOfError(error), ...counts(0) });
  const counts = (received: number) => ({ sent, received });
  const send = () => {
    const question = questions[sent] ?? '';
    sent += 1;
    socket.send(question, (error) => error && fail(error));
  };
  socket.on('error', fail);
  socket.on('message', (data) => {
    const heard = hear(data);
    // Anybody can send a datagram: like a resolver, go on waiting for the one that was asked for.
    if ('wrong' in heard) stray ??= heard.wrong;
    else end({ outcome: 'reached', rttMs: since(askedAt), sent: heard.to + 1, received: 1 });
  });
  // Connected, so that the kernel reports an ICMP error ("port unreachable") and drops strangers' datagrams.
  socket.connect(port, address, (error?: Error) => {
    if (error) return fail(error);
    askedAt = performance.now();
    send();
    again = setTimeout(send, limitMs / 2);
  });
  return {
    silence: () =>
      stray === undefined
        ? { outcome: 'timed-out', ...counts(0) }
        : { outcome: 'wrong-answer', detail: stray, ...counts(0) },
    close: () => {
      clearTimeout(again);
      socket.close();
    },
  };
}

/** Each message has its length before it, two bytes (RFC 1035 4.2.2). */
function askByTcp(
  { address, port }: DnsQuery,
  [question = Buffer.alloc(0)]: readonly Buffer[],
  _limitMs: number,
  { hear, end }: Listener,
): Exchange {
  let askedAt: number | undefined;
  let came = Buffer.alloc(0);
  const socket = connect({ host: address, port, autoSelectFamily: false, noDelay: true });
  socket.on('connect', () => {
    askedAt = performance.now();
    const length = Buffer.alloc(2);
    length.writeUInt16BE(question.length);
    socket.write(Buffer.concat([length, question]));
  });
  socket.on('data', (data: Buffer) => {
    came = Buffer.concat([came, data]);
    if (came.length < 2 || came.length < 2 + came.readUInt16BE()) return;
    const heard = hear(came.subarray(2, 2 + came.readUInt16BE()));
    if ('wrong' in heard) end({ outcome: 'wrong-answer', detail: heard.wrong });
    else end({ outcome: 'reached', rttMs: since(askedAt ?? performance.now()) });
  });
  socket.on('end', () => end({ outcome: 'reset', detail: `closed after ${came.length} bytes` }));
  socket.on('error', (error) => end(attemptOfError(error)));
  return {
    silence: () => ({
      outcome: 'timed-out',
      detail: askedAt === undefined ? 'no connection' : 'connected, no answer',
    }),
    close: () => socket.destroy(),
  };
}

function answerIn(
  data: Buffer,
  ids: readonly number[],
  { name, type }: DnsQuery,
): { to: number; answer: DnsAnswer } | { wrong: string } {
  let packet: DecodedPacket;
  try {
    packet = decode(data);
  } catch {
    return { wrong: `not DNS: ${excerpt(data.toString('latin1'))}` };
  }
  if (packet.type !== 'response') return { wrong: 'a question came back, not an answer' };
  const to = ids.indexOf(packet.id ?? -1);
  if (to === -1) return { wrong: 'an answer with another transaction id' };
  const rcode = rcodeOf(packet);
  const [asked] = packet.questions ?? [];
  // Servers that do not understand a question need not repeat it.
  if (asked === undefined ? rcode === 'NOERROR' || rcode === 'NXDOMAIN' : !isSame(asked, { name, type })) {
    return {
      wrong: `an answer to another question (${asked === undefined ? 'none' : `${asked.type} ${asked.name}`})`,
    };
  }
  const records = (packet.answers ?? []).slice(0, MAX_RECORDS).map(recordOf);
  return { to, answer: { rcode, truncated: packet.flag_tc, records } };
}

function isSame(asked: { name: string; type: string }, { name, type }: Pick<DnsQuery, 'name' | 'type'>) {
  return asked.type === type && canonicalName(asked.name) === canonicalName(name);
}

/** Typed by the package's typings as a packet without it. */
function rcodeOf(packet: DecodedPacket & { rcode?: unknown }): string {
  return String(packet.rcode);
}
