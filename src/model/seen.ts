// What was seen.
import type { Agent, ClusterNode, Network } from './cluster.ts';
import type { Batch } from './expected.ts';

/** Who answered: set by the responder from its pod's downward API. */
export interface Identity {
  node: string;
  pod: string;
  uid: string;
}

export type Outcome =
  | 'reached'
  | 'refused'
  | 'timed-out'
  | 'unreachable'
  /** The source node's own firewall or routing policy refused to send (EPERM, EACCES). */
  | 'prohibited'
  /** The connection was cut before the answer was complete. */
  | 'reset'
  | 'wrong-responder'
  /** Something answered, but not one of ours, not with this probe's nonce, or with another status. */
  | 'wrong-answer'
  /** Some datagrams of the attempt were answered, more than the tolerated share were not. */
  | 'lossy'
  /** Small packets pass and large ones vanish, without word of it (a path MTU black hole). */
  | 'black-hole'
  /** Answered, but later than the settings allow. */
  | 'slow'
  /** The source or target lacks an address of a family that the cluster has. */
  | 'no-address'
  /** Nothing is known about the network: see `cause`. */
  | 'unobserved';

export type Cause =
  | 'no-agent'
  | 'no-target-agent'
  | 'target-gone'
  | 'exec-broken'
  | 'batch-aborted'
  | 'deadline'
  | 'interrupted'
  | 'probe-crashed'
  | 'local-fault'
  | 'no-reply'
  | 'not-run';

/** One attempt of one probe, as the source saw it. */
export interface Attempt {
  outcome: Outcome;
  cause?: Cause;
  /** Round trip of the (median) answered exchange, milliseconds. */
  rttMs?: number;
  responder?: Identity;
  /** The source address that the responder saw: differs from the source's own where SNAT is at work. */
  seen?: string;
  /** Datagrams or echo requests, and how many of them were answered. One whose answer nobody waited for is in neither. */
  sent?: number;
  received?: number;
  /** Everybody who answered, once each, where one attempt asks several times (services). */
  responders?: Identity[];
  /** What was measured, for the reports: see `Measured`. */
  measured?: Measured;
  /** What was read or answered, in the check's own terms: plain JSON, read by its `judge`. */
  found?: unknown;
  /** Where requests were sent and nothing came back: what the responders know these by. */
  mark?: string;
  /** errno, HTTP status or the first bytes that came: evidence, never parsed. */
  detail?: string;
}

/** Figures of one attempt. Times are milliseconds, sizes bytes of the whole IP packet. */
export interface Measured {
  rttMs?: { min: number; p50: number; p95: number; max: number };
  lossPercent?: number;
  /** Largest packet that passed with don't-fragment. */
  pathMtu?: number;
  /** Time to answer: DNS, TLS, HTTP. */
  tookMs?: number;
}

export interface Observation {
  /** A case's or a control's id. */
  case: string;
  /** In order; the last one decides, the earlier ones make it flaky. Never empty. */
  attempts: Attempt[];
  /** Address and port that the probe went to. */
  aimedAt?: string;
  /** From the first attempt's start to the last one's end, milliseconds, pauses included. */
  tookMs?: number;
}

/** What an agent says of attempts that nobody answered, by their marks: which of them reached it, and which never did. */
export interface Arrivals {
  type: 'arrivals';
  at: { node: string; network: Network; uid: string };
  arrived: string[];
  absent: string[];
}

/** A line of the journal. Unknown types are kept and ignored, so that newer agents can say more. */
export type JournalEntry =
  | { type: 'observation'; observation: Observation }
  | { type: 'batch-ended'; source: Batch['source']; complete: boolean; cause?: Cause; detail?: string }
  | Arrivals
  | { type: 'agents-after'; agents: Agent[] }
  /** All of the cluster's, those left out too. */
  | { type: 'nodes-after'; nodes: ClusterNode[] }
  | { type: 'interrupted'; signal: string }
  | { type: 'recorded' };
