import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configs, mistakes } from './loading.ts';

// One bad file per rule, and the exact sentence that its author reads.
const sentences: [file: string, sentence: string][] = [
  [
    'alias-without-anchor.yaml',
    '@: syntax error: Unresolved alias (the anchor must be set before the alias): shared',
  ],
  ['attempts.yaml', 'probe.attempts: got 0, expected a whole number from 1 to 10 (from @:2)'],
  ['concurrency.yaml', 'probe.concurrency: got 1001, expected a whole number from 1 to 1000 (from @:2)'],
  [
    'deadline.yaml',
    "run.deadline: got 30s, expected more than one probe's timeout, which is 30s (from @:4 and @:2)",
  ],
  [
    'duration-too-long.yaml',
    'probe.timeout: got "6m", expected a duration with its unit (such as 500ms, 2s or 10m), from 10ms to 5m (from @:2)',
  ],
  [
    'duration-too-short.yaml',
    'run.deadline: got "0s", expected a duration with its unit (such as 500ms, 2s or 10m), from 1s to 24h (from @:2)',
  ],
  [
    'duration-unit.yaml',
    'run.deadline: got "15 min", expected a duration with its unit (such as 500ms, 2s or 10m), from 1s to 24h (from @:2)',
  ],
  [
    'duration-without-unit.yaml',
    'probe.timeout: got 2, expected a duration with its unit (such as 500ms, 2s or 10m), from 10ms to 5m (from @:2)',
  ],
  ['flag.yaml', 'run.keep: got "yes", expected true or false (from @:2)'],
  [
    'group-for-value.yaml',
    'namespace: got a mapping, expected a DNS-1123 label: a-z, 0-9 and "-" between them, at most 63 characters (from @:1)',
  ],
  [
    'image.yaml',
    `image.name: got "Netaccept Agent", expected an image reference (such as netaccept/agent:1.2.3), or '' for the default (from @:2)`,
  ],
  ['key-twice.yaml', '@:3: syntax error: Map keys must be unique'],
  [
    'namespace.yaml',
    'hostNamespace: got "netaccept.host", expected a DNS-1123 label: a-z, 0-9 and "-" between them, at most 63 characters, or \'\' for the default (from @:1)',
  ],
  ['netctl-mode.json', 'mode: got "service", expected one of pod, node, node-to-pod, pod-to-node (from @:2)'],
  [
    'netctl-port-range.json',
    'port: got "88890", expected a port in quotes, as netctl writes it, from "1" to "65535" (from @:2)',
  ],
  [
    'netctl-port.json',
    'port: got 8889, expected a port in quotes, as netctl writes it, from "1" to "65535" (from @:2)',
  ],
  [
    'netctl-protocol.json',
    'protocol: got "TCP", expected one of tcp, udp, icmp, dns; did you mean "tcp"? (from @:2)',
  ],
  ['netctl-syntax.json', '@:3: syntax error: Missing , between flow map items'],
  [
    'netctl-timeout.json',
    'probe.timeout: got "600s", expected a duration with its unit (such as 500ms, 2s or 10m), from 10ms to 5m (from cmdTimeout in @:3)',
  ],
  [
    'netctl-unknown-key.json',
    'maxnum: unknown key, expected one of namespace, version, mode, protocol, podWaitTime, port, customizedTargetPortList, customizedTargetIPList, targetDNSServer, targetHostToLookup, maxNum, cmdTimeout, autoClean, srcKubeConfig, srcImageRepository, dstKubeConfig, dstImageRepository; did you mean "maxNum"? (from @:3)',
  ],
  ['netctl-wait.json', 'podWaitTime: got "30s", expected a whole number from 0 to 86400 (from @:2)'],
  [
    'node-name.yaml',
    'nodes.exclude[1]: got "Node_B", expected a DNS-1123 name: a-z, 0-9, "-" and "." between them, at most 253 characters (from @:4)',
  ],
  ['not-a-mapping.yaml', '@: got a list, expected a mapping of keys'],
  ['only-and-skip.yaml', 'skip: got "udp", expected a name that is not in only as well (from @:2 and @:1)'],
  [
    'only-as-text.yaml',
    'only: got "tcp", expected a list of checks and paths: http, icmp, tcp, udp, node-to-node, node-to-pod, pod-to-node, pod-to-pod (from @:1)',
  ],
  [
    'only-unknown.yaml',
    'only[1]: got "Pod-To-Pods", expected one of http, icmp, tcp, udp, node-to-node, node-to-pod, pod-to-node, pod-to-pod; did you mean "pod-to-pod"? (from @:3)',
  ],
  ['percent.yaml', 'probe.maxLossPercent: got 101, expected a whole number from 0 to 100 (from @:2)'],
  ['port.yaml', 'agents.ports.udp: got 65536, expected a whole number from 1 to 65535 (from @:3)'],
  [
    'ports-equal.yaml',
    'agents.ports.closed: got 8000, expected a port that no other responder has, but tcp is 8000 too (from @:4 and @:3)',
  ],
  [
    'priority-class.yaml',
    `agents.priorityClassName: got "System Critical", expected a DNS-1123 name: a-z, 0-9, "-" and "." between them, at most 253 characters, or '' for none (from @:2)`,
  ],
  [
    'pull-policy.yaml',
    'image.pullPolicy: got "ifNotPresent", expected one of Always, IfNotPresent, Never; did you mean "IfNotPresent"? (from @:2)',
  ],
  [
    'pull-secret.yaml',
    'image.pullSecrets[0]: got "login!", expected a DNS-1123 name: a-z, 0-9, "-" and "." between them, at most 253 characters (from @:2)',
  ],
  [
    'quantity.yaml',
    `agents.resources.limits.memory: got "192 MB", expected a Kubernetes quantity (such as 10m, 0.5 or 48Mi), or '' for none (from @:4)`,
  ],
  [
    'registry.yaml',
    `image.registry: got "https://registry.example.org/", expected host[:port][/path] without a scheme (such as registry.example.org/mirror), or '' for none (from @:2)`,
  ],
  [
    'resource.yaml',
    'agents.resources.requests.mem: unknown key, expected one of cpu, memory, ephemeral-storage (from @:4)',
  ],
  [
    'selector.yaml',
    `nodes.selector: got "zone in a,b", expected a label selector (such as pool=edge,zone in (a,b),!virtual), or '' for all (from @:2)`,
  ],
  [
    'services-host-port-taken.yaml',
    'services.hostPort: got 29809, expected a port that the agents do not have, but agents.ports.closed is 29809 too (from @:2 and the defaults)',
  ],
  [
    'services-host-port.yaml',
    'services.hostPort: got -1, expected a whole number from 0 to 65535 (from @:2)',
  ],
  ['services-requests.yaml', 'services.requests: got 0, expected a whole number from 1 to 100 (from @:2)'],
  [
    'services-named-service.yaml',
    'services.named[0].service: got "shop/web", expected namespace/name:port (such as shop/web:http or shop/web:80) (from @:3)',
  ],
  [
    'services-named-path.yaml',
    'services.named[0].path: got "cart", expected a path that begins with / (from @:4)',
  ],
  [
    'services-named-protocol.yaml',
    'services.named[0].status: got 200, expected nothing, because the protocol is tcp (from @:5)',
  ],
  [
    'services-named-send.yaml',
    'services.named[0].send: got nothing, expected a text to send, because no UDP server speaks first (from @:3)',
  ],
  [
    'services-named-send-http.yaml',
    'services.named[0].send: got "now", expected nothing, because protocol is http (from @:5)',
  ],
  [
    'services-named-twice.yaml',
    'services.named[1]: got shop/web:80 a second time, expected another path, host or protocol than in services.named[0] (from @:4 and @:3)',
  ],
  [
    'skip-unknown.yaml',
    'skip[0]: got "mtu", expected one of http, icmp, tcp, udp, node-to-node, node-to-pod, pod-to-node, pod-to-pod (from @:1)',
  ],
  [
    'syntax.yaml',
    '@:3: syntax error: Flow map in block collection must be sufficiently indented and end with a }',
  ],
  [
    'toleration-effect.yaml',
    'agents.tolerations[0].effect: got "NoScheduling", expected one of NoSchedule, PreferNoSchedule, NoExecute; did you mean "NoSchedule"? (from @:4)',
  ],
  [
    'toleration-key.yaml',
    'agents.tolerations[0].key: got nothing, expected the key of a taint, because only operator Exists goes without one (from @:3)',
  ],
  [
    'toleration-unknown-key.yaml',
    'agents.tolerations[1].efect: unknown key, expected one of key, operator, value, effect; did you mean "effect"? (from @:5)',
  ],
  [
    'toleration-value.yaml',
    'agents.tolerations[0].value: got "network", expected no value, because operator Exists matches every value (from @:5)',
  ],
  [
    'unknown-key.yaml',
    'namespce: unknown key, expected one of kubeconfig, context, namespace, hostNamespace, only, skip, nodes, image, agents, probe, services, dns, udpPort, mtu, quality, ingress, external, policy, node, run; did you mean "namespace"? (from @:1)',
  ],
  [
    'unknown-nested-key.yaml',
    'probe.retries: unknown key, expected one of timeout, attempts, concurrency, pace, sourcesAtOnce, datagrams, echoRequests, maxLossPercent (from @:3)',
  ],
  [
    'value-for-group.yaml',
    'image: got "netaccept/agent:1", expected a mapping with name, registry, pullPolicy, pullSecrets (from @:1)',
  ],
  ['whole-number.yaml', 'probe.pace: got 0.5, expected a whole number from 1 to 10000 (from @:2)'],
];

test.each(sentences)('%s', async (file, sentence) => {
  expect(await mistakes({ file, cwd: join(configs, 'bad') })).toEqual([
    `config ${sentence.replaceAll('@', file)}`,
  ]);
});

test('every bad file is in the table', () => {
  const files = readdirSync(join(configs, 'bad'));
  expect(new Set(sentences.map(([file]) => file))).toEqual(new Set(files));
  expect(sentences).toHaveLength(files.length);
});

test('five mistakes are five problems, each with its line', async () => {
  expect(await mistakes({ file: 'five-mistakes.yaml' })).toEqual([
    'config namespace: got "Net_Accept", expected a DNS-1123 label: a-z, 0-9 and "-" between them, at most 63 characters (from five-mistakes.yaml:1)',
    'config only[1]: got "icpm", expected one of http, icmp, tcp, udp, node-to-node, node-to-pod, pod-to-node, pod-to-pod; did you mean "icmp"? (from five-mistakes.yaml:2)',
    'config probe.timeout: got 2, expected a duration with its unit (such as 500ms, 2s or 10m), from 10ms to 5m (from five-mistakes.yaml:7)',
    'config probe.maxLosPercent: unknown key, expected one of timeout, attempts, concurrency, pace, sourcesAtOnce, datagrams, echoRequests, maxLossPercent; did you mean "maxLossPercent"? (from five-mistakes.yaml:8)',
    'config agents.ports.http: got 29801, expected a port that no other responder has, but tcp is 29801 too (from five-mistakes.yaml:5 and the defaults)',
  ]);
});
