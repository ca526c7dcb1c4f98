// The user's file: every key, its default, its meaning and what it allows. The environment variables, the
// commented file of `netaccept init` and all error sentences are derived from here.
import { z } from 'zod';
import { labelSelector } from './label-selector.ts';
import { deliverSection } from './sections/deliver.ts';
import { dnsSection } from './sections/dns.ts';
import { externalEntry } from './sections/external.ts';
import { ingressEntry } from './sections/ingress.ts';
import { mtuSection } from './sections/mtu.ts';
import { nodeSection } from './sections/node.ts';
import { policySection } from './sections/policy.ts';
import { qualitySection } from './sections/quality.ts';
import { reportSection } from './sections/report.ts';
import { servicesSection } from './sections/services.ts';
import { udpPortSection } from './sections/udp-port.ts';
import { toleration } from './toleration.ts';
import {
  duration,
  flag,
  imageOrDefault,
  label,
  labelOrDefault,
  listOf,
  oneOf,
  quantityOrNone,
  registryOrNone,
  subdomain,
  subdomainOrNone,
  text,
  whole,
  wholeOrAll,
} from './values.ts';

export type ConfigSchema = ReturnType<typeof configSchema>;
/** A whole valid configuration: defaults filled in, durations in milliseconds, still nested as in the file. */
export type Config = z.output<ConfigSchema>;

/** `names` are those of the checks and paths that exist. */
export function configSchema(names: readonly string[]) {
  const checksAndPaths = listOf(oneOf(names), `checks and paths: ${names.join(', ')}`);
  return z.strictObject({
    kubeconfig: text("a path, or '' for none")
      .prefault('')
      .describe('The kubeconfig. Empty: as kubectl finds it, or the service account when run in a pod.'),
    context: text("a context's name, or '' for none")
      .prefault('')
      .describe("The kubeconfig's context. Empty: its current one."),
    clusterName: text("a name, or '' for the kubeconfig's", /^[^\p{Cc}]{0,200}$/u)
      .prefault('')
      .describe(
        "What reports call the cluster. Empty: as the kubeconfig does, which in a pod is 'inCluster'.",
      ),
    namespace: label
      .prefault('netaccept')
      .describe("Namespace of the pod-network agents. They meet Pod Security 'restricted'."),
    hostNamespace: labelOrDefault
      .prefault('')
      .describe(
        "Namespace of the host-network agents, which need Pod Security 'privileged'. Empty: <namespace>-host.",
      ),
    only: checksAndPaths
      .prefault([])
      .describe(
        'What to run. A case runs if its check is listed (or no check is) and its path is listed (or no path is).',
      ),
    skip: checksAndPaths
      .prefault([])
      .describe('What not to run: cases of a listed check or path are skipped.'),
    nodes: nodes.prefault({}).describe('The Nodes under test.'),
    image: image.prefault({}).describe("The agents' image."),
    agents: agents
      .prefault({})
      .describe('The agents: DaemonSets, one in the pod network and one in the host network.'),
    probe: probe.prefault({}).describe('How the agents probe.'),
    services: servicesSection.prefault({}).describe('Check services.'),
    dns: dnsSection.prefault({}).describe('Check dns.'),
    udpPort: udpPortSection.prefault({}).describe('Check udp-port: runs only where ports are listed.'),
    mtu: mtuSection.prefault({}).describe('Check mtu.'),
    quality: qualitySection.prefault({}).describe('Check quality.'),
    ingress: listOf(ingressEntry, 'ingress targets')
      .prefault([])
      .describe(
        "Check ingress: what it is to ask, such as { name: shop, url: 'https://shop.example.org/health', address: nodes }.",
      ),
    external: listOf(externalEntry, 'external targets')
      .prefault([])
      .describe(
        "Check external: what it is to ask, such as { name: git, tcp: 'git.example.org:22', reply: SSH-2.0 }.\n Nothing leaves the cluster unless it is listed here.",
      ),
    policy: policySection.prefault({}).describe('Check policy.'),
    node: nodeSection.prefault({}).describe('Check node.'),
    report: reportSection.prefault({}).describe('The reports.'),
    run: run.prefault({}).describe('The run as a whole.'),
    deliver: deliverSection
      .prefault({})
      .describe(
        'Where the result goes, beside its folder. What cannot be delivered is told and changes no verdict.',
      ),
  });
}

const nodes = z.strictObject({
  selector: labelSelector.prefault('').describe('Only Nodes with these labels. Empty: all.'),
  exclude: listOf(subdomain, 'Node names').prefault([]).describe('Nodes left out, by name.'),
});

const image = z.strictObject({
  name: imageOrDefault
    .prefault('')
    .describe('The image. Empty: netaccept/agent, tagged with the version of the netaccept that runs.'),
  registry: registryOrNone
    .prefault('')
    .describe('Put in front of the name, for mirrors and private registries.'),
  pullPolicy: oneOf(['Always', 'IfNotPresent', 'Never'])
    .prefault('IfNotPresent')
    .describe('As in a pod: when the kubelet pulls.'),
  pullSecrets: listOf(subdomain, "Secrets' names")
    .prefault([])
    .describe('Secrets for the registry. They must exist in both namespaces.'),
});

const resources = z.strictObject({
  requests: z
    .strictObject({
      cpu: quantityOrNone.prefault('10m').describe('CPU set aside for an agent.'),
      memory: quantityOrNone.prefault('48Mi').describe('Memory set aside for an agent.'),
      'ephemeral-storage': quantityOrNone
        .prefault('')
        .describe('Scratch space set aside, where a quota asks for it.'),
    })
    .prefault({})
    .describe('What the scheduler sets aside.'),
  limits: z
    .strictObject({
      cpu: quantityOrNone
        .prefault('')
        .describe('None, because throttling an agent looks like a slow or lossy network.'),
      memory: quantityOrNone.prefault('192Mi').describe('Memory at which an agent is killed.'),
      'ephemeral-storage': quantityOrNone.prefault('').describe('Scratch space, where a quota asks for it.'),
    })
    .prefault({})
    .describe('What an agent may use at most.'),
});

const ports = z.strictObject({
  tcp: whole(1, 65_535).prefault(29_801).describe('The TCP responder.'),
  http: whole(1, 65_535).prefault(29_802).describe('The HTTP responder.'),
  udp: whole(1, 65_535).prefault(29_803).describe('The UDP responder.'),
  closed: whole(1, 65_535).prefault(29_809).describe('Where nothing may listen: a control that must fail.'),
});

const agents = z.strictObject({
  hostNetwork: flag()
    .prefault(true)
    .describe('Agents in the host network. Without them, all cases that start or end in a Node are skipped.'),
  netRaw: flag()
    .prefault(true)
    .describe(
      'NET_RAW for the host-network agents. Off: icmp from a Node needs its ping_group_range to allow it.',
    ),
  peer: flag()
    .prefault(true)
    .describe(
      'A second pod per Node, so that same-node pod-to-pod crosses the pod network and not a loopback.',
    ),
  tolerations: listOf(toleration, 'tolerations, as in a pod')
    .prefault([{ operator: 'Exists' }])
    .describe('Taints that the agents tolerate. This one: all.'),
  priorityClassName: subdomainOrNone.prefault('').describe('PriorityClass of the agents. Empty: none.'),
  readyTimeout: duration('1s', '24h')
    .prefault('3m')
    .describe('How long to wait for the agents. Nodes without a ready one then give errored cases.'),
  resources: resources.prefault({}).describe('Requests and limits of each agent.'),
  ports: ports
    .prefault({})
    .describe("The agents' ports, all different. Host-network agents open them on the Node."),
});

const probe = z.strictObject({
  timeout: duration('10ms', '5m')
    .prefault('2s')
    .describe('How long the first attempt waits for its answer; the second twice as long, and so on.'),
  attempts: whole(1, 10)
    .prefault(2)
    .describe('Attempts per case. Passed, but not at the first: flagged flaky.'),
  concurrency: whole(1, 1000)
    .prefault(16)
    .describe('Probes in flight per agent, at most: fewer, down to a quarter, while it gets its CPU late.'),
  pace: whole(1, 10_000)
    .prefault(200)
    .describe('New probes per second and agent. Each takes a conntrack entry for up to two minutes.'),
  sourcesAtOnce: whole(1, 1000).prefault(16).describe('Agents that probe at the same time.'),
  datagrams: whole(1, 100).prefault(5).describe('Datagrams per attempt of udp.'),
  echoRequests: whole(1, 100).prefault(3).describe('Echo requests per attempt of icmp.'),
  maxLossPercent: whole(0, 100)
    .prefault(40)
    .describe('Lost datagrams or echo requests, in percent, up to which an attempt still passes.'),
});

const run = z.strictObject({
  deadline: duration('1s', '24h')
    .prefault('15m')
    .describe('From the first probe to the last. What is missing then is errored, never passed.'),
  lockWait: duration('0s', '24h')
    .prefault('10m')
    .describe('How long to wait while another run holds the cluster. 0s: give up at once.'),
  keep: flag().prefault(false).describe("Leave the agents for the next run; 'netaccept clean' removes them."),
  out: text("a path, or '' for the default")
    .prefault('')
    .describe('Folder for the results. Empty: results/<time>.'),
  keepRuns: wholeOrAll(100_000)
    .prefault('all')
    .describe(
      'Runs to keep in the folder that holds this one, itself included; older ones are removed afterwards.',
    ),
});
