import type { Attempt, Case } from '../../model.ts';
import type { Aim, Ruling } from './check.ts';
import type { LargeFound } from './large-path.ts';
import type { Owner } from './port-owner.ts';

export interface UdpPortFound {
  /** Who has the port on the source's Node, where the agent could not get it. */
  owner: Owner;
  /** Present where the path was proven by what the tunnel carries. */
  through?: 'tunnel';
  /** By which the source sends to the target Node's pods. */
  device?: string;
  address?: string;
  large?: LargeFound;
}

interface Evidence {
  aim: Aim;
  /** What the target's own agent found of the same port on its Node. */
  ofTarget: UdpPortFound | undefined;
}

/** What one attempt of check udp-port means: an echo on the port itself, or the tunnel that has it. */
export function judgeUdpPort(entry: Case, last: Attempt | undefined, { aim, ofTarget }: Evidence): Ruling {
  if (last === undefined || last.outcome === 'unobserved') return { verdict: 'errored', reason: 'no-reply' };
  const found = last.found as UdpPortFound | undefined;
  const expect = aim.kind === 'probe' ? aim.expect : [];
  if (found?.owner.by === 'tunnel') return judgeTunnel(entry, last, found, found.owner, expect);
  const isProof = last.responder !== undefined && expect.includes(last.responder.uid);
  if (last.outcome === 'reached' && isProof) return { verdict: 'passed', reason: 'proof' };
  if (ofTarget !== undefined && last.responder === undefined) return judgeTaken(entry, ofTarget.owner);
  return {
    verdict: 'failed',
    reason: last.outcome === 'reached' ? 'wrong-responder' : last.outcome,
    detail: last.detail,
  };
}

type Tunnel = Extract<Owner, { by: 'tunnel' }>;

function judgeTunnel(
  entry: Case,
  last: Attempt,
  { device, large }: UdpPortFound,
  owner: Tunnel,
  expect: readonly string[],
): Ruling {
  const whose = `UDP port ${entry.about?.port} is ${nameOf(owner)}`;
  const target = entry.target.node;
  if (!owner.up)
    return { verdict: 'failed', reason: 'mismatch', sentence: `${whose}, and that device is down` };
  const sameNode = entry.locality === 'same-node';
  if (!sameNode && device !== undefined && !carries(owner.device, device)) {
    const sentence = `${whose}, but ${entry.source.node} sends to the pods of ${target} by ${device}: nothing there proves the tunnel`;
    return { verdict: 'errored', reason: 'too-little', sentence };
  }
  if (last.outcome !== 'reached') {
    const what = large === undefined ? last.outcome : whatOf(large, last.outcome);
    return {
      verdict: 'failed',
      reason: last.outcome === 'unobserved' ? 'too-little' : last.outcome,
      sentence: `${whose}: through the tunnel to the agent pod on ${target}, ${what}`,
    };
  }
  if (last.responder === undefined || !expect.includes(last.responder.uid)) {
    return { verdict: 'failed', reason: 'wrong-responder' };
  }
  const way = sameNode ? 'which is up; to its own Node nothing goes through it' : 'and the tunnel carries';
  const carried =
    large === undefined
      ? ''
      : `${large.bytes} bytes by TCP, UDP of ${large.mtu} bytes and in fragments${large.ping.answered ? ', ICMP of the same size' : ''}`;
  const sentence = sameNode
    ? `${whose}, ${way} (its agent pod ${last.responder.pod} answers)`
    : `${whose}, ${way} ${carried}: answered by pod ${last.responder.pod} on ${target}`;
  return { verdict: 'passed', reason: 'proof', sentence };
}

/** The source could open the port and the target could not: two Nodes of one overlay should not differ. */
function judgeTaken(entry: Case, owner: Owner): Ruling {
  const port = `UDP port ${entry.about?.port}`;
  const target = entry.target.node;
  if (owner.by === 'tunnel') {
    const sentence = `${port} is ${nameOf(owner)} on ${target}, and nobody's on ${entry.source.node}: the Nodes' tunnels differ`;
    return { verdict: 'failed', reason: 'mismatch', sentence };
  }
  const user = owner.uid === undefined ? '' : ` (user ${owner.uid})`;
  const sentence = `${port} of ${target} is another program's${user}: the agent there cannot answer on it`;
  return { verdict: 'errored', reason: 'too-little', sentence };
}

function nameOf({ kind, device, vni }: Tunnel): string {
  return `the CNI's: ${kind} device ${device}${vni === undefined ? '' : `, VNI ${vni}`}`;
}

/** Cilium routes pods to `cilium_host`, and encapsulates into its tunnel device behind that. */
function carries(tunnel: string, device: string): boolean {
  return device === tunnel || (device === 'cilium_host' && tunnel.startsWith('cilium_'));
}

function whatOf({ udp, upload, mtu, bytes }: LargeFound, outcome: string): string {
  if (outcome !== 'black-hole') return `${outcome}: neither TCP nor UDP got an answer`;
  const lost = [
    ...(upload === 'black-hole' ? [`${bytes} bytes by TCP stalled`] : []),
    ...(udp.full ? [] : [`UDP of ${mtu} bytes vanishes`]),
    ...(udp.fragments ? [] : ['UDP in fragments vanishes']),
  ];
  return `small packets pass and large ones do not: ${lost.join(', ')}`;
}
