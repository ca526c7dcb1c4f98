// What the user decides.
import type { Family, Network } from './cluster.ts';

/** Resolved settings: every default filled in, durations in milliseconds. */
export interface Settings {
  kubeconfig?: string;
  context?: string;
  /** What reports call the cluster; absent: as the kubeconfig does. */
  clusterName?: string;
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
  report: ReportSettings;
  run: {
    /** From the first probe to the last; what is missing then is `unobserved`. */
    deadlineMs: number;
    /** How long to wait for another run in the same cluster; 0 refuses at once. */
    lockWaitMs: number;
    /** Leave the agents for the next run. */
    keep: boolean;
    out: string;
    /** Run folders to keep beside and including this one; absent: all. */
    keepRuns?: number;
  };
}

export interface ReportSettings {
  junit: {
    casesPerFile: number;
    /** A run of more cases has one testcase per source for those that passed; 0: never. */
    groupAbove: number;
    /** Characters of a testcase's text. */
    textLimit: number;
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
