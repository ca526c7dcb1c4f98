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
  ['blocked-from.yaml', 'policy.blocked[0].from: got "host", expected one of pod, node (from @:3)'],
  [
    'blocked-payload.yaml',
    'policy.blocked[0].payload: got "00", expected no payload, because protocol tcp asks for no more than a connection (from @:3)',
  ],
  [
    'blocked-port.yaml',
    'policy.blocked[0].target: got "10.0.0.1:70000", expected namespace/service:port, host:port or [IPv6 address]:port, with a port from 1 to 65535 (such as shop/db:5432) (from @:3)',
  ],
  [
    'blocked-target.yaml',
    'policy.blocked[0].target: got "shop/db", expected namespace/service:port, host:port or [IPv6 address]:port, with a port from 1 to 65535 (such as shop/db:5432) (from @:3)',
  ],
  [
    'blocked-twice.yaml',
    'policy.blocked[2].name: got "db", expected a name that no other blocked target has (from @:5 and @:3)',
  ],
  ['concurrency.yaml', 'probe.concurrency: got 1001, expected a whole number from 1 to 1000 (from @:2)'],
  [
    'deliver-bucket.yaml',
    "deliver.s3.bucket: got \"Reports_\", expected a bucket's name, or '' for none (from @:3)",
  ],
  [
    'deliver-password.yaml',
    'deliver.pushgateway.url: got "https://…push.example.org", expected http:// or https:// with a host, without a password, or \'\' for none (from @:3)',
  ],
  ['deliver-webhook-url.yaml', 'deliver.webhook.url: unknown key, expected one of format, when (from @:3)'],
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
  [
    'dns-expect.yaml',
    'dns.names[0].expect: got "192.0.2.80", expected a list of addresses or names (from @:4)',
  ],
  [
    'dns-name.yaml',
    'dns.names[0].name: got "www example org", expected a fully qualified DNS name, each part of at most 63 characters (from @:3)',
  ],
  [
    'dns-names-key.yaml',
    'dns.names[0].expects: unknown key, expected one of name, type, expect; did you mean "expect"? (from @:4)',
  ],
  [
    'dns-node-local.yaml',
    `dns.nodeLocal: got "localhost", expected an IP address, or '' for none (from @:2)`,
  ],
  [
    'dns-server-port.yaml',
    'dns.servers[0]: got "192.0.2.53:0", expected an IP address, with a port if it is not 53 (such as 192.0.2.53:5353 or [2001:db8::53]:5353) (from @:2)',
  ],
  [
    'dns-server.yaml',
    'dns.servers[1]: got "ns1.example.org", expected an IP address, with a port if it is not 53 (such as 192.0.2.53:5353 or [2001:db8::53]:5353) (from @:2)',
  ],
  ['dns-type.yaml', 'dns.names[0].type: got "MX", expected one of A, AAAA, CNAME, PTR, SRV (from @:4)'],
  [
    'external-families.yaml',
    'external[0].families: got a list, expected none, because an address has only one (from @:4)',
  ],
  [
    'external-family.yaml',
    'external[0].families[0]: got "ipv4", expected one of v4, v6; did you mean "v4"? (from @:4)',
  ],
  [
    'external-from.yaml',
    'external[0].from: got "nodes", expected one of pod, node, both; did you mean "node"? (from @:4)',
  ],
  ['external-icmp.yaml', 'external[0].icmp: got "192.0.2", expected a host name or an IP address (from @:3)'],
  [
    'external-names.yaml',
    'external[1].name: got "gateway", expected a name that no other has, but external[0] is "gateway" too (from @:3 and @:2)',
  ],
  [
    'external-nodes.yaml',
    'external[0].address: got "nodes", expected a host name or an IP address, or a list of such (from @:4)',
  ],
  [
    'external-not-a-list.yaml',
    'external: got "https://www.example.test/", expected a list of external targets (from @:1)',
  ],
  [
    'external-place-and-address.yaml',
    'external[0].address: got "192.0.2.1", expected none, because tcp names a host; or else only a port there (from @:4)',
  ],
  [
    'external-place-port.yaml',
    'external[0].tcp: got "git.example.test:65536", expected host:port (such as db.example.org:5432 or [2001:db8::1]:53), or a port from 1 to 65535 beside address (from @:3)',
  ],
  [
    'external-place.yaml',
    'external[0].tcp: got "git.example.test", expected host:port (such as db.example.org:5432 or [2001:db8::1]:53), or a port from 1 to 65535 beside address (from @:3)',
  ],
  [
    'external-send.yaml',
    'external[0].send: got "grüße an 世界", expected a text of 1 to 1024 characters up to \\xff, each of which is one byte (from @:4)',
  ],
  [
    'external-stranger.yaml',
    'external[0].status: got 200, expected none, because it is for url and this is icmp (from @:4)',
  ],
  [
    'external-udp-silent.yaml',
    'external[0].send: got nothing, expected a text to send, because a UDP port that says nothing proves nothing (from @:2)',
  ],
  [
    'external-url-password.yaml',
    'external[0].url: got "https://…www.example.test/", expected an http or https URL without user, password and fragment (such as https://shop.example.org/health) (from @:3)',
  ],
  [
    'external-url.yaml',
    'external[0].url: got "www.example.test/health", expected an http or https URL without user, password and fragment (such as https://shop.example.org/health) (from @:3)',
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
  [
    'ingress-address-twice.yaml',
    'ingress[0].address: got a list, expected each host once, and 10.0.0.5 is there twice (from @:4)',
  ],
  [
    'ingress-address.yaml',
    'ingress[0].address[1]: got "nodes", expected a host name or an IP address (from @:4)',
  ],
  [
    'ingress-ca-absent.yaml',
    `ingress[0].tls.ca: got "nowhere.pem", expected certificates in PEM or a file with them: there is no ${configs}/bad/nowhere.pem (from @:4)`,
  ],
  [
    'ingress-ca-and-insecure.yaml',
    'ingress[0].tls: got a mapping, expected either ca or insecure: true, because the latter takes any certificate (from @:4)',
  ],
  [
    'ingress-ca-broken.yaml',
    'ingress[0].tls.ca: got a text, expected certificates in PEM or a file with them: certificate 1 of it cannot be read (from @:5)',
  ],
  [
    'ingress-ca-not-pem.yaml',
    `ingress[0].tls.ca: got "@", expected certificates in PEM or a file with them: there is none in ${configs}/bad/@ (from @:4)`,
  ],
  [
    'ingress-name.yaml',
    'ingress[0].name: got "The Shop", expected a DNS-1123 name: a-z, 0-9, "-" and "." between them, at most 253 characters (from @:2)',
  ],
  [
    'ingress-names.yaml',
    'ingress[1].name: got "shop", expected a name that no other has, but ingress[0] is "shop" too (from @:3 and @:2)',
  ],
  [
    'ingress-nothing.yaml',
    'ingress[0].url: got nothing, expected one of url, tcp, udp and icmp: what to ask (from @:2)',
  ],
  [
    'ingress-port-alone.yaml',
    'ingress[0].tcp: got 5432, expected host:port, because there is no address (from @:3)',
  ],
  [
    'ingress-status.yaml',
    'ingress[0].status: got a list, expected an HTTP status from 100 to 599, or a list of them (from @:4)',
  ],
  [
    'ingress-tls-of-http.yaml',
    'ingress[0].tls: got a mapping, expected none, because the URL is http (from @:4)',
  ],
  [
    'ingress-tls-unknown-key.yaml',
    'ingress[0].tls.insecur: unknown key, expected one of sni, ca, insecure; did you mean "insecure"? (from @:4)',
  ],
  [
    'ingress-two.yaml',
    'ingress[0].tcp: got 443, expected only one of url, tcp, udp and icmp, and there is url (from @:4)',
  ],
  [
    'ingress-unknown-key.yaml',
    'ingress[0].adress: unknown key, expected one of name, url, tcp, udp, icmp, address, port, from, families, status, body, tls, send, reply; did you mean "address"? (from @:4)',
  ],
  ['keep-runs.yaml', 'run.keepRuns: got 0, expected a whole number from 1 to 100000, or all (from @:2)'],
  ['key-twice.yaml', '@:3: syntax error: Map keys must be unique'],
  [
    'namespace.yaml',
    'hostNamespace: got "netaccept.host", expected a DNS-1123 label: a-z, 0-9 and "-" between them, at most 63 characters, or \'\' for the default (from @:1)',
  ],
  ['netctl-mode.json', 'mode: got "service", expected one of pod, node, node-to-pod, pod-to-node (from @:2)'],
  [
    'netctl-dns-server.json',
    'dns.servers[0]: got "ns1.example.org", expected an IP address, with a port if it is not 53 (such as 192.0.2.53:5353 or [2001:db8::53]:5353) (from targetDNSServer in @:2)',
  ],
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
  ['node-bgp.yaml', 'node.bgp: got "on", expected one of auto, required, ignored (from @:2)'],
  [
    'node-conntrack.yaml',
    'node.maxConntrackPercent: got 0, expected a whole number from 1 to 100 (from @:2)',
  ],
  [
    'node-device-both.yaml',
    'node.presentDevices: got "tunl0", expected a device that is not in absentDevices as well (from @:3 and @:2)',
  ],
  [
    'node-device-pattern.yaml',
    'node.ignoreDevices[0]: got "*wg", expected a network device\'s name, or its beginning and * (from @:2)',
  ],
  ['node-device.yaml', 'node.absentDevices[0]: got "tunl0 ", expected a network device\'s name (from @:2)'],
  [
    'node-network.yaml',
    'node.podNetworks[0]: got "10.244.0.0/33", expected a network (such as 10.244.0.0/16 or fd00:10::/48) (from @:3)',
  ],
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
    'namespce: unknown key, expected one of kubeconfig, context, clusterName, namespace, hostNamespace, only, skip, nodes, image, agents, probe, services, dns, udpPort, mtu, quality, ingress, external, policy, node, report, run, deliver; did you mean "namespace"? (from @:1)',
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
  ['mtu-bytes.yaml', 'mtu.bytes: got 1500, expected a whole number from 10000 to 1048576 (from @:2)'],
  [
    'rtt.yaml',
    'quality.maxRttP95: got 20, expected a duration with its unit (such as 500ms, 2s or 10m), from 0s to 5m (from @:2)',
  ],
  [
    'source-port-base.yaml',
    'quality.sourcePortBase: got 65530, expected a port from 1024, so that 20 fit below 65536 (from @:3 and @:2)',
  ],
  ['source-ports.yaml', 'quality.sourcePorts: got 0, expected a whole number from 1 to 64 (from @:2)'],
  [
    'source-ports-taken.yaml',
    'quality.sourcePortBase: got 29800, expected ports that the agents leave alone, but agents.ports.udp, 29803, is one of 29800 to 29804 (from @:2 and the defaults)',
  ],
  [
    'udp-port-closed.yaml',
    'udpPort.ports[0]: got 29809, expected a port that the agents leave alone, but agents.ports.closed is 29809 too (from @:2 and the defaults)',
  ],
  [
    'udp-port-taken.yaml',
    'udpPort.ports[1]: got 29803, expected a port that the agents leave alone, but agents.ports.udp is 29803 too (from @:4 and the defaults)',
  ],
  ['udp-port-vxlan.yaml', 'udpPort.vxlan: got 4789, expected true or false (from @:2)'],
  [
    'udp-ports-twice.yaml',
    'udpPort.ports[2]: got 4789, expected a port that is not in the list already (from @:2)',
  ],
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
