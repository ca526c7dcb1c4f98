// What is expected, and what is sent to find out.
import type { Family, Network, PathName } from './cluster.ts';
import type { Observation } from './seen.ts';

/** Where a case starts. */
export interface Endpoint {
  cluster: string;
  node: string;
  network: Network;
}

/** What a case goes to. */
export interface Target {
  cluster: string;
  /** As it stands in the id, after the arrow: `node-b`, `ClusterIP tcp netaccept/netaccept`. */
  name: string;
  /** The Node that the target is at, where it is at one. */
  node?: string;
  network?: Network;
}

/** One entry of the matrix. Built from names only, never from addresses, so that it outlives pods. */
export interface Case {
  /** `pod-to-pod/tcp/v4 node-a → node-b`: unique in a run, stable between runs. */
  id: string;
  check: string;
  path: PathName;
  /** Absent where a case is not about one family: a Node's own state. */
  family?: Family;
  source: Endpoint;
  target: Target;
  /** Absent where the target is not at a Node. */
  locality?: 'same-node' | 'cross-node';
  /** What tells a case from its siblings, by name: `{ kind: 'NodePort', protocol: 'tcp' }`. */
  about?: Record<string, string>;
  /** `blocked`: it passes only if the target does not answer here, and did answer somebody else. */
  expect?: 'blocked';
  /** Present when a rule of the configuration leaves the case out: the sentence that says which. */
  skip?: string;
}

/** One probe of a batch. `case` is a case's id, or a control's. */
export interface Probe {
  case: string;
  check: string;
  /** Absent where nothing is sent, or a name decides. */
  family?: Family;
  /** Empty where nothing is sent, or `ask` names a host. */
  address: string;
  /** 0 where the protocol has none (icmp). */
  port: number;
  /** Pod UIDs that may answer; empty where nobody may (controls) or where nobody can say (icmp). */
  expect: string[];
  timeoutMs: number;
  attempts: number;
  /** Datagrams, echo requests or flows per attempt; 1 for one connection. */
  count: number;
  /** What else the check wants to know, in its own terms: plain JSON, made by its `aim`, read by its `attempt`. */
  ask?: unknown;
}

/**
 * When a probe is sent: `main` at once, `settled` when what the run itself created (Services) must have
 * reached every Node, `calm` when nothing else is going on, because it measures; `enforced` while our own
 * NetworkPolicy is in place, `lifted` after it was removed.
 */
export type Round = 'main' | 'settled' | 'calm' | 'enforced' | 'lifted';

export interface RoundProbes {
  round: Round;
  probes: Probe[];
}

/** Everything that one source agent has to do in a run: one exec, its rounds one after the other, none empty. */
export interface Batch {
  source: { node: string; network: Network; namespace: string; pod: string; uid: string };
  rounds: RoundProbes[];
}

export interface Plan {
  run: string;
  batches: Batch[];
  controls: Control[];
  /** Cases that cannot be sent, known before anything is: no agent, no address. */
  unsent: Observation[];
}

/** A probe that must never be answered. If it is, the detector is broken, and so is the run. */
export interface Control {
  id: string;
  kind: 'closed-port' | 'silent-address';
  check: string;
  family: Family;
  source: Endpoint;
}
