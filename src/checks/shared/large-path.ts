import { randomBytes } from 'node:crypto';
import type { Attempt, Family, Outcome } from '../../model.ts';
import type { ProbeContext } from './check.ts';
import { DATAGRAM_BYTES } from './greeting.ts';
import { payloadOf } from './packet.ts';
import { sizedDatagrams } from './sized-datagrams.ts';
import { transfer } from './transfer.ts';
import { type PingResult, unfragmentedPing } from './unfragmented-ping.ts';

export interface LargePath {
  address: string;
  family: Family;
  tcpPort: number;
  udpPort: number;
  /** The packet size that has to pass. */
  mtu: number;
  /** What a TCP transfer moves. */
  bytes: number;
  expect: readonly string[];
  timeoutMs: number;
}

/** What was seen of large packets on one path, in the direction away from the source unless said. */
export interface LargeFound {
  mtu: number;
  bytes: number;
  ping: PingResult;
  /** UDP: one that every path carries, one of exactly the MTU, one of twice the MTU and so in fragments. */
  udp: { small: boolean; full: boolean; fragments: boolean };
  /** TCP there: this is judged. */
  upload: Outcome;
  /** TCP back: told here, judged where it is the way there. */
  download: Outcome;
}

/** Large TCP, UDP and ICMP to one address at once: what each of them says, and what it means together. */
export async function largePath(
  path: LargePath,
  context: ProbeContext,
): Promise<Attempt & { found: LargeFound }> {
  const { address, family, tcpPort, udpPort, mtu, bytes, expect, timeoutMs } = path;
  const { signal, token } = context;
  const base = { address, expect, timeoutMs, signal, token };
  const small = Math.min(mtu, smallSize(family));
  const sizes = [...new Set([small, mtu, 2 * mtu])];
  const move = (kind: 'upload' | 'download') =>
    transfer({ ...base, port: tcpPort, kind, bytes, nonce: ownNonce() });
  const [upload, download, datagrams, ping] = await Promise.all([
    move('upload'),
    move('download'),
    sizedDatagrams({ ...base, port: udpPort, family, sizes, nonce: context.nonce }),
    unfragmentedPing({ address, family, size: mtu, timeoutMs, signal }),
  ]);
  const answers = (size: number) => datagrams.answered.includes(size);
  const udp = { small: answers(small), full: answers(mtu), fragments: answers(2 * mtu) };
  const found = { mtu, bytes, ping, udp, upload: upload.outcome, download: download.outcome };
  const { sent, received, responder, rttMs } = datagrams;
  const seen = {
    sent,
    received,
    found,
    ...(responder && { responder }),
    ...(rttMs !== undefined && { rttMs }),
  };
  // A fault of the source's own, or an answer by somebody else, says more than what did not come.
  const decisive = [upload, download, datagrams.fault].find(
    (attempt) => attempt?.outcome === 'unobserved' || attempt?.outcome === 'wrong-responder',
  );
  if (decisive) return { ...seen, ...decisive, found };
  const holed = upload.outcome === 'black-hole' || (udp.small && !(udp.full && udp.fragments));
  if (holed) return { ...seen, outcome: 'black-hole' };
  if (upload.outcome !== 'reached') return { ...seen, ...upload, found };
  if (!udp.small) return { ...seen, ...(datagrams.fault ?? { outcome: 'timed-out' }), found };
  return { ...seen, outcome: 'reached', ...(upload.seen !== undefined && { seen: upload.seen }) };
}

/** Without the attempt's mark: a connection that comes through must not vouch for datagrams that do not. */
function ownNonce(): string {
  return randomBytes(16).toString('hex');
}

/** Of the IP packet that an ordinary datagram of ours makes. */
export function smallSize(family: Family): number {
  return DATAGRAM_BYTES - payloadOf(0, family);
}
