// The nouns of netaccept. Types only: this file imports nothing and every room may import it.
// Each of these values is plain JSON, so that any step of a run can be saved, read back and replayed.

export type Family = 'v4' | 'v6';

/** At most one address per family: a Pod's PodIPs, a Node's InternalIPs. */
export type Addresses = Partial<Record<Family, string>>;

/** The network namespace that a path starts or ends in. */
export type Network = 'pod' | 'host';

/** Where a case starts and what it goes to: the first part of its id, and the module that judges it. */
export type PathName =
  | `${'pod' | 'node'}-to-${'pod' | 'node' | 'service' | 'dns' | 'api-server' | 'ingress' | 'external'}`
  /** A Node itself: what is read there, and what the API says about it. Nothing is sent. */
  | 'on-node';

// ── What the cluster looks like ─────────────────────────────────────────────────────────────────

export interface ClusterNode {
  name: string;
  uid: string;
  addresses: Addresses;
  /** InternalIPs beyond the first of each family. */
  otherAddresses?: string[];
  /** Families of its PodCIDRs; empty where the CNI does not use them. */
  podFamilies: Family[];
  podCidrs: string[];
  /** Annotations in which CNIs announce addresses, as they are: only those that a check reads. */
  annotations: Record<string, string>;
  ready: boolean;
  /** Why it is not, in Kubernetes' own words: reason and message of its Ready condition. */
  notReady?: string;
  schedulable: boolean;
  /** `key=value:Effect`, as kubectl prints them. */
  taints: string[];
  zone?: string;
}

/**
 * One of our pods. A `prober` answers and probes; a `peer` only answers: it is the second pod of a
 * node, without which a same-node pod-to-pod case would never leave the pod's own loopback. A `host-port` answers
 * on a port of its Node.
 */
export interface Agent {
  node: string;
  network: Network;
  role: 'prober' | 'peer' | 'host-port';
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

/** One address of a Service's EndpointSlices. */
export interface ServiceEndpoint {
  address: string;
  family: Family;
  ready: boolean;
  node?: string;
  /** Name of the Pod behind it. */
  pod?: string;
  uid?: string;
}

export interface ServicePort {
  name: string;
  protocol: 'TCP' | 'UDP' | 'SCTP';
  port: number;
  nodePort?: number;
  /** The port that the endpoints listen on, from the EndpointSlice. */
  endpointPort?: number;
}

/** A Service under test, with what the API says about it when the run starts. */
export interface ClusterService {
  namespace: string;
  name: string;
  /** Ours, one that the settings name, the cluster's DNS, `default/kubernetes`, or one that must be blocked. */
  role: 'own' | 'named' | 'dns' | 'api-server' | 'blocked';
  type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** Empty for a headless Service. */
  clusterIPs: Addresses;
  headless: boolean;
  families: Family[];
  ports: ServicePort[];
  externalIPs: string[];
  /** Of `status.loadBalancer.ingress`: addresses or host names. */
  loadBalancer: string[];
  externalTrafficPolicy?: 'Cluster' | 'Local';
  internalTrafficPolicy?: 'Cluster' | 'Local';
  sessionAffinity: 'None' | 'ClientIP';
  endpoints: ServiceEndpoint[];
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
  /** The same as Nodes: not under test, but their networks are theirs. */
  outside?: ClusterNode[];
  agents: Agent[];
  services: ClusterService[];
}

// ── What is expected ────────────────────────────────────────────────────────────────────────────

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

// ── What is sent ────────────────────────────────────────────────────────────────────────────────

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
  sent?: number;
  received?: number;
  /** Everybody who answered, once each, where one attempt asks several times (services). */
  responders?: Identity[];
  /** What was measured, for the reports: see `Measured`. */
  measured?: Measured;
  /** What was read or answered, in the check's own terms: plain JSON, read by its `judge`. */
  found?: unknown;
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

/** A line of the journal. Unknown types are kept and ignored, so that newer agents can say more. */
export type JournalEntry =
  | { type: 'observation'; observation: Observation }
  | { type: 'batch-ended'; source: Batch['source']; complete: boolean; cause?: Cause; detail?: string }
  | { type: 'agents-after'; agents: Agent[] }
  /** All of the cluster's, those left out too. */
  | { type: 'nodes-after'; nodes: ClusterNode[] }
  | { type: 'interrupted'; signal: string }
  | { type: 'recorded' };

// ── What it means ───────────────────────────────────────────────────────────────────────────────

export type Verdict = 'passed' | 'failed' | 'errored' | 'skipped';

/** Why: an outcome (`failed`), a cause (`errored`), `rule` (`skipped`) or `proof` (`passed`); else what a check's own judge found. */
export type Reason =
  | Exclude<Outcome, 'reached' | 'unobserved'>
  | Cause
  | 'rule'
  | 'proof'
  /** Failed: something is not what the API, the settings or the other Nodes say. */
  | 'mismatch'
  /** Failed: the target answered, though it must be blocked. */
  | 'not-blocked'
  /** Errored: a blocked target that nobody could reach may just as well be dead. */
  | 'no-witness'
  /** Errored: too little was seen to judge this. */
  | 'too-little';

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
  /** Of the attempt that decided. */
  measured?: Measured;
}

export interface ControlVerdict {
  control: Control;
  /** `held`: nothing answered, as it must be. `broken`: something did. `unobserved`: nobody knows. */
  state: 'held' | 'broken' | 'unobserved';
  sentence: string;
}

/** What lies behind several cases that did not pass: a hypothesis, with what speaks for and against it. */
export interface Finding {
  /** `node-in node-3 overlay v6`: the same fault has the same id in every run. */
  id: string;
  kind: FindingKind;
  /** One sentence: what is broken, where, in which direction, on which layer. */
  title: string;
  /** Nodes it is about; empty where it is about all of them. */
  nodes: string[];
  /** Ids of the cases that it explains, bytewise. A case is in one finding only. */
  cases: string[];
  /** Cases in its scope that were judged. */
  judged: number;
  /** Cases in its scope that passed: they speak against it. */
  contradicting: number;
  confidence: 'high' | 'medium' | 'low';
  /** Most likely first. */
  causes: string[];
  /** Commands to run next. */
  next: string[];
}

export type FindingKind =
  | 'everywhere'
  | 'node'
  | 'node-in'
  | 'node-out'
  | 'node-itself'
  | 'pair'
  | 'one-way'
  | 'overlay-one-way'
  | 'zones'
  | 'target'
  | 'wrong-responder'
  | 'cannot-tell'
  | 'mixed';

export interface Diagnosis {
  /** The one that explains most first. */
  findings: Finding[];
  /** Ids of failed and errored cases that no finding explains. */
  unexplained: string[];
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
  /** What a reader should know though it is no fault: a cordoned Node, a taint. */
  notes: string[];
  /** What lies behind the cases that did not pass. */
  diagnosis: Diagnosis;
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
  services: ServicesSettings;
  dns: DnsSettings;
  udpPort: UdpPortSettings;
  mtu: MtuSettings;
  quality: QualitySettings;
  ingress: TargetSettings[];
  external: TargetSettings[];
  policy: PolicySettings;
  node: NodeSettings;
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

interface ServicesSettings {
  /** Flows per case of a load-balanced Service, at least: together they must meet every ready endpoint. */
  requests: number;
  /** From the moment the API knows all endpoints until the first request: kube-proxy and DNS need time to learn of them. */
  settleMs: number;
  /** Whether a Node without endpoint of a Service with policy Local must stay silent to other Nodes. */
  localBlocked: boolean;
  /** A port that a pod of ours has on every Node; 0: none. */
  hostPort: number;
  named: NamedService[];
}

/** A Service of the user's own, and what must come back. */
export interface NamedService {
  /** `namespace/name:port`, the port by name or number. */
  service: string;
  /** Without it: `udp` where `send` is given, `http` where anything of HTTP is, else `tcp`. */
  protocol?: 'tcp' | 'http' | 'udp';
  path?: string;
  /** The Host header, instead of the address. */
  host?: string;
  /** 200 if absent. */
  status?: number;
  /** What the body must contain. */
  body?: string;
  /** The datagram's text; any reply will do. */
  send?: string;
}

export interface DnsSettings {
  /** The cluster's domain. */
  domain: string;
  /** Where the cluster's DNS Service is, and the label selector that finds it there. */
  namespace: string;
  selector: string;
  /** Address of a cache on each Node; empty: there is none to ask. */
  nodeLocal: string;
  /** Servers that are asked for `names` instead of the pod's own resolver. */
  servers: DnsServer[];
  names: DnsName[];
}

export interface DnsServer {
  /** As it was written: it stands in the cases' ids. */
  name: string;
  address: string;
  port: number;
}

export type DnsType = 'A' | 'AAAA' | 'CNAME' | 'PTR' | 'SRV';

export interface DnsName {
  name: string;
  type: DnsType;
  /** All that the answer must hold: addresses, names, `name:port` for SRV. Empty: anything of that type. */
  expect: string[];
}

interface UdpPortSettings {
  /** Ports of the host network that are proven with an echo; none by default. */
  ports: number[];
  /** Let the datagrams begin with a valid VXLAN header: some networks drop only those. */
  vxlan: boolean;
}

interface MtuSettings {
  /** Expected path MTU between pods and between Nodes, bytes; 0: that of the source's own device. */
  pod: number;
  node: number;
  /** What one TCP transfer moves. */
  bytes: number;
}

interface QualitySettings {
  /** Datagrams per pair. */
  packets: number;
  /** Sockets that they are spread over: each is a flow of its own to ECMP and to a bond. */
  sourcePorts: number;
  /** First of those sockets' ports; 0 lets the kernel choose. */
  sourcePortBase: number;
  maxLossPercent: number;
  /** 0: no limit. */
  maxRttP95Ms: number;
}

/** Something that is not one of our agents: what is asked of it, from where, and what must come back. */
export interface TargetSettings {
  /** As it stands in its cases' ids. */
  name: string;
  /** The networks that ask. */
  from: Network[];
  /** Where a name or a Node decides the address: only these; absent: all that the cluster has. */
  families?: Family[];
  /** Whom to connect to, a name or an address each, one case for each; `nodes`: every Node's InternalIP. */
  at: 'nodes' | string[];
  /** The target has its own list of places to connect to: then they stand in the ids. */
  placed: boolean;
  question: Question;
}

/** What is said to a target, and what must come back. */
export type Question = HttpQuestion | TextQuestion | { protocol: 'icmp'; port: 0 };

export interface HttpQuestion {
  protocol: 'http' | 'https';
  port: number;
  /** The Host header, with the URL's own port where that is not the scheme's. */
  host: string;
  /** With the query. */
  path: string;
  /** Statuses that pass; empty: any. */
  status: number[];
  /** A text that the body must contain. */
  body?: string;
  /** Only https. */
  tls?: TlsSettings;
}

export interface TlsSettings {
  /** The name in SNI, for which the certificate must hold; an address: no SNI, and it must hold for that. */
  name: string;
  /** PEM; absent: the public authorities that Node.js comes with. */
  ca?: string;
  /** Take any certificate. */
  insecure: boolean;
}

/** A connection or a datagram. A character is a byte (latin1). */
export interface TextQuestion {
  protocol: 'tcp' | 'udp';
  port: number;
  send?: string;
  /** A text that the answer must contain; absent: any answer to `send` will do. */
  reply?: string;
}

export interface PolicySettings {
  /** Apply a NetworkPolicy of our own for a moment, and prove that it is enforced. */
  own: boolean;
  /** How long after it was made (or removed) every Node must enforce it (or have stopped to). */
  settleMs: number;
  blocked: BlockedTarget[];
}

/** What no Node's pods (or no Node's host network) may get an answer from. */
export interface BlockedTarget {
  /** As it stands in the case's id. */
  name: string;
  target: { namespace: string; service: string; port: number } | { host: string; port: number };
  protocol: 'tcp' | 'udp';
  from: 'pod' | 'node';
  /** The Node on which the other network must get an answer; empty: where an endpoint runs, else every Node. */
  answersOn: string;
  /** What is sent over UDP, in hexadecimal digits. */
  payload: string;
}

interface NodeSettings {
  /** Names of network devices that no Node may have, e.g. `tunl0` after a change from IPIP to VXLAN. */
  absentDevices: string[];
  /** Names of network devices that every Node must have, up. */
  presentDevices: string[];
  /** Devices that are not compared between Nodes; a `*` at the end stands for anything. */
  ignoreDevices: string[];
  /** CIDRs that hold all pods; empty: guessed from PodCIDRs and pods. */
  podNetworks: string[];
  /** CIDRs that a CNI may announce Node addresses of, besides the InternalIPs. */
  announcedNetworks: string[];
  maxConntrackPercent: number;
  /** `loose`: rp_filter must not be strict on overlay devices and uplinks; `any`: told, never a fault. */
  rpFilter: 'any' | 'loose';
  /** `auto`: wherever another Node has it. */
  kubeProxy: 'auto' | 'required' | 'ignored';
  bgp: 'auto' | 'required' | 'ignored';
}

export interface Toleration {
  key?: string;
  operator?: 'Exists' | 'Equal';
  value?: string;
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}
