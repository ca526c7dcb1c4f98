// The nouns of netaccept. Types only: this file imports nothing and every room may import it.
// Each of these values is plain JSON, so that any step of a run can be saved, read back and replayed.

export type Family = 'v4' | 'v6';

/** At most one address per family: a Pod's PodIPs, a Node's InternalIPs. */
export type Addresses = Partial<Record<Family, string>>;

/** The network namespace that a path starts or ends in. */
export type Network = 'pod' | 'host';

export type PathName = 'pod-to-pod' | 'pod-to-node' | 'node-to-pod' | 'node-to-node';

// ── What the cluster looks like ─────────────────────────────────────────────────────────────────

export interface ClusterNode {
  name: string;
  addresses: Addresses;
  /** Families of its PodCIDRs; empty where the CNI does not use them. */
  podFamilies: Family[];
  ready: boolean;
  schedulable: boolean;
  /** `key=value:Effect`, as kubectl prints them. */
  taints: string[];
  zone?: string;
}

/**
 * One of our pods. A `prober` answers and probes; a `peer` only answers: it is the second pod of a
 * node, without which a same-node pod-to-pod case would never leave the pod's own loopback.
 */
export interface Agent {
  node: string;
  network: Network;
  role: 'prober' | 'peer';
  namespace: string;
  pod: string;
  uid: string;
  addresses: Addresses;
  ready: boolean;
  /** Sum over containers; a growth during the run means that its answers cannot be trusted. */
  restarts: number;
  /** It carries a deletionTimestamp. */
  terminating?: boolean;
  /** Why it is not ready, in Kubernetes' own words (`ImagePullBackOff: …`, `Unschedulable: …`). */
  problem?: string;
}

export interface Topology {
  cluster: string;
  version: string;
  /** Families that the cluster has at all. */
  families: Family[];
  /** Nodes under test, bytewise by name. */
  nodes: ClusterNode[];
  /** Nodes left out, each with the rule that left it out. */
  excluded: { node: string; rule: string }[];
  agents: Agent[];
}

// ── What is expected ────────────────────────────────────────────────────────────────────────────

export interface Endpoint {
  cluster: string;
  node: string;
  network: Network;
}

/** One entry of the matrix. Built from names only, never from addresses, so that it outlives pods. */
export interface Case {
  /** `pod-to-pod/tcp/v4 node-a → node-b`: unique in a run, stable between runs. */
  id: string;
  check: string;
  path: PathName;
  family: Family;
  source: Endpoint;
  target: Endpoint;
  locality: 'same-node' | 'cross-node';
  /** Present when a rule of the configuration leaves the case out: the sentence that says which. */
  skip?: string;
}

// ── What is sent ────────────────────────────────────────────────────────────────────────────────

/** One probe of a batch. `case` is a case's id, or a control's. */
export interface Probe {
  case: string;
  check: string;
  family: Family;
  address: string;
  /** 0 where the protocol has none (icmp). */
  port: number;
  /** Pod UIDs that may answer; empty where nobody may (controls) or where nobody can say (icmp). */
  expect: string[];
  timeoutMs: number;
  attempts: number;
  /** Datagrams or echo requests per attempt; 1 for stream protocols. */
  count: number;
}

/** Everything that one source agent has to do in a run: one exec. */
export interface Batch {
  source: { node: string; network: Network; namespace: string; pod: string; uid: string };
  probes: Probe[];
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

// ── What was seen ───────────────────────────────────────────────────────────────────────────────

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
  sent?: number;
  received?: number;
  /** errno, HTTP status or the first bytes that came: evidence, never parsed. */
  detail?: string;
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

/** A line of the journal. Unknown types are kept and ignored, so that newer agents can say more. */
export type JournalEntry =
  | { type: 'observation'; observation: Observation }
  | { type: 'batch-ended'; source: Batch['source']; complete: boolean; cause?: Cause; detail?: string }
  | { type: 'agents-after'; agents: Agent[] }
  | { type: 'interrupted'; signal: string }
  | { type: 'recorded' };

// ── What it means ───────────────────────────────────────────────────────────────────────────────

export type Verdict = 'passed' | 'failed' | 'errored' | 'skipped';

/** Why: an outcome (`failed`), a cause (`errored`), `rule` (`skipped`) or `proof` (`passed`). */
export type Reason = Exclude<Outcome, 'reached' | 'unobserved'> | Cause | 'rule' | 'proof';

export interface CaseVerdict {
  case: Case;
  verdict: Verdict;
  reason: Reason;
  /** One sentence for a person: who, what, to whom, for how long. */
  sentence: string;
  /** Passed, but not at the first attempt or not without loss. */
  flaky: boolean;
  attempts: Attempt[];
  aimedAt?: string;
  tookMs?: number;
  rttMs?: number;
}

export interface ControlVerdict {
  control: Control;
  /** `held`: nothing answered, as it must be. `broken`: something did. `unobserved`: nobody knows. */
  state: 'held' | 'broken' | 'unobserved';
  sentence: string;
}

/** 0 all passed · 1 a case failed · 2 could not tell, or a control broke · 3 misuse or set-up failed. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A run that could not even start, or one thing that went wrong beside the cases. */
export interface Problem {
  code: string;
  message: string;
  /** What the reader can do next. */
  hint?: string;
}

export interface RunResult {
  run: string;
  cluster: string;
  version: string;
  started: string;
  /** Seconds, from the first API request to the last observation. */
  seconds: number;
  families: Family[];
  nodes: string[];
  /** Nodes that a rule of the settings left out: not tested, and told. */
  excluded: Topology['excluded'];
  verdicts: CaseVerdict[];
  controls: ControlVerdict[];
  /** What a pass of each check is worth (`Check.proof`), by the check's name: printed with the evidence. */
  proofs?: Record<string, string>;
  /** Set-up failures (exit 3) and violated invariants (exit 2). */
  problems: Problem[];
  exitCode: ExitCode;
}

// ── What the user decides ───────────────────────────────────────────────────────────────────────

/** Resolved settings: every default filled in, durations in milliseconds. */
export interface Settings {
  kubeconfig?: string;
  context?: string;
  /** The pod-network agents' Namespace (Pod Security "restricted"). */
  namespace: string;
  /** The host-network agents' Namespace (Pod Security "privileged"); may be the same one. */
  hostNamespace: string;
  /** Checks and paths to run; empty means all. Names from the registry. */
  only: string[];
  skip: string[];
  nodes: {
    /** Kubernetes label selector; empty selects all. */
    selector: string;
    /** Node names left out. */
    exclude: string[];
  };
  image: {
    name: string;
    /** Put in front of `name`, e.g. `registry.example.org/mirror`. */
    registry: string;
    pullPolicy: 'Always' | 'IfNotPresent' | 'Never';
    /** Names of Secrets that exist in both namespaces. */
    pullSecrets: string[];
  };
  agents: {
    hostNetwork: boolean;
    /** Off: host-network agents run without NET_RAW and non-root; icmp then needs the node's ping_group_range. */
    netRaw: boolean;
    /** A second pod per node, so that same-node pod-to-pod crosses the node's real pod network. */
    peer: boolean;
    tolerations: Toleration[];
    priorityClassName: string;
    resources: { requests: Record<string, string>; limits: Record<string, string> };
    ports: { tcp: number; http: number; udp: number; closed: number };
    readyTimeoutMs: number;
  };
  probe: {
    timeoutMs: number;
    attempts: number;
    /** Probes in flight per source agent. */
    concurrency: number;
    /** New probes per second and source agent: a new flow is a conntrack entry for up to 120 s. */
    pace: number;
    /** Source agents that probe at the same time. */
    sourcesAtOnce: number;
    datagrams: number;
    echoRequests: number;
    /** Share of lost datagrams or echo requests, percent, up to which an attempt still proves the path. */
    maxLossPercent: number;
  };
  run: {
    /** From the first probe to the last; what is missing then is `unobserved`. */
    deadlineMs: number;
    /** How long to wait for another run in the same cluster; 0 refuses at once. */
    lockWaitMs: number;
    /** Leave the agents for the next run. */
    keep: boolean;
    out: string;
  };
}

export interface Toleration {
  key?: string;
  operator?: 'Exists' | 'Equal';
  value?: string;
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}
