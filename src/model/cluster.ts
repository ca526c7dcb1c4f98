// What the cluster looks like.

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
