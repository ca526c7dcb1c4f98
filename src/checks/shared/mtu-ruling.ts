import type { Attempt, Case } from '../../model.ts';
import type { Aim, Ruling } from './check.ts';
import type { LargeFound } from './large-path.ts';

export interface MtuFound extends LargeFound {
  /** Of the settings; 0 where they leave it to the source's own device. */
  expected: number;
  /** What the source sends by. */
  device?: string;
}

/** What one attempt of check mtu means. The reverse direction is told, and judged by its own case. */
export function judgeMtu(entry: Case, last: Attempt | undefined, aim: Aim): Ruling {
  if (last === undefined) return { verdict: 'errored', reason: 'no-reply' };
  const found = last.found as MtuFound | undefined;
  if (found === undefined || (last.outcome !== 'reached' && last.outcome !== 'black-hole')) {
    const reason = last.outcome === 'reached' || last.outcome === 'unobserved' ? 'too-little' : last.outcome;
    return { verdict: reason === 'too-little' ? 'errored' : 'failed', reason, detail: last.detail };
  }
  const ways = `${entry.source.node} → ${entry.target.name}`;
  if (last.outcome === 'black-hole') {
    return {
      verdict: 'failed',
      reason: 'black-hole',
      sentence: `${ways}: ${holeIn(found, last.measured?.pathMtu)}`,
    };
  }
  const expect = aim.kind === 'probe' ? aim.expect : [];
  if (last.responder === undefined || !expect.includes(last.responder.uid)) {
    return { verdict: 'failed', reason: 'wrong-responder' };
  }
  const pathMtu = last.measured?.pathMtu ?? found.mtu;
  const wanted = found.expected === 0 ? found.mtu : found.expected;
  if (pathMtu < wanted) {
    return {
      verdict: 'failed',
      reason: 'mismatch',
      sentence: `${ways}: ${tooSmall(found, pathMtu, wanted)}`,
    };
  }
  const sentence =
    `answered by pod ${last.responder.pod}: ${found.bytes} bytes by TCP, UDP of ${found.mtu} bytes and of ` +
    `${2 * found.mtu} in fragments; path MTU ${pathMtu}${remarks(found)}`;
  return { verdict: 'passed', reason: 'proof', sentence };
}

function holeIn({ mtu, bytes, udp, upload, ping, download }: MtuFound, pathMtu: number | undefined): string {
  const lost = [
    ...(upload === 'black-hole' ? [`${bytes} bytes by TCP stalled after a small greeting`] : []),
    ...(udp.full || !udp.small ? [] : [`UDP of ${mtu} bytes vanishes, small datagrams are answered`]),
    ...(udp.fragments || !udp.small ? [] : [`UDP of ${2 * mtu} bytes, in fragments, vanishes`]),
  ];
  const fragmentsOnly = upload === 'reached' && udp.full;
  const what = fragmentsOnly ? 'fragments are lost on the way' : 'a path MTU black hole';
  const largest =
    fragmentsOnly || pathMtu === undefined || pathMtu >= mtu ? '' : `; ${pathMtu} bytes still pass`;
  const told = ping.told === undefined ? '' : `; a router told ${ping.told}`;
  const back = download === 'black-hole' ? '; the way back is one as well' : '';
  return `${what}: ${lost.join(', ')}${largest}${told}${back}`;
}

function tooSmall(
  { expected, mtu, device = 'its device' }: MtuFound,
  pathMtu: number,
  wanted: number,
): string {
  const key = 'mtu.pod or mtu.node';
  if (mtu < wanted) return `${device} sends at most ${mtu} bytes, ${wanted} are expected (${key})`;
  const whose = expected === 0 ? `${device} sends up to ${wanted}` : `${wanted} are expected (${key})`;
  const advice = expected === 0 ? `: lower the device's MTU, or say what is expected (${key})` : '';
  return `the path carries ${pathMtu} bytes, as a router on it told, but ${whose}${advice}`;
}

function remarks({ ping, download }: MtuFound): string {
  const back = download === 'reached' ? [] : [`TCP back: ${download}, see the case of that direction`];
  const icmp =
    ping.answered || ping.told !== undefined
      ? []
      : [
          ping.fault === undefined
            ? `no echo reply of ${ping.size} bytes came back`
            : `no ping: ${ping.fault}`,
        ];
  const all = [...back, ...icmp];
  return all.length === 0 ? '' : ` (${all.join('; ')})`;
}
