import { describe, expect, test } from 'vitest';
import { variableOf } from '../../../src/config/environment.ts';
import { keysOf } from '../../../src/config/keys.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { at } from '../../../src/config/tree.ts';
import { knownNames, load, mistakes } from './loading.ts';
import { sectionVariables } from './sections.ts';

// Each key by its variable: what is set, and what the program then sees where.
const variables: [variable: string, text: string, path: string, value: unknown][] = [
  ['NETACCEPT_KUBECONFIG', '~/k', 'kubeconfig', '/home/tester/k'],
  ['NETACCEPT_CONTEXT', 'edge', 'context', 'edge'],
  ['NETACCEPT_CLUSTER_NAME', 'edge/7', 'clusterName', 'edge/7'],
  ['NETACCEPT_NAMESPACE', 'a', 'namespace', 'a'],
  ['NETACCEPT_HOST_NAMESPACE', 'b', 'hostNamespace', 'b'],
  ['NETACCEPT_ONLY', 'tcp, udp,', 'only', ['tcp', 'udp']],
  ['NETACCEPT_SKIP', 'pod-to-pod', 'skip', ['pod-to-pod']],
  ['NETACCEPT_NODES_SELECTOR', 'zone in (a,b)', 'nodes.selector', 'zone in (a,b)'],
  ['NETACCEPT_NODES_EXCLUDE', 'n-1,n-2', 'nodes.exclude', ['n-1', 'n-2']],
  ['NETACCEPT_IMAGE_NAME', 'agent:2', 'image.name', 'agent:2'],
  ['NETACCEPT_IMAGE_REGISTRY', 'localhost:5000', 'image.registry', 'localhost:5000'],
  ['NETACCEPT_IMAGE_PULL_POLICY', 'Never', 'image.pullPolicy', 'Never'],
  ['NETACCEPT_IMAGE_PULL_SECRETS', 'one', 'image.pullSecrets', ['one']],
  ['NETACCEPT_AGENTS_HOST_NETWORK', 'false', 'agents.hostNetwork', false],
  ['NETACCEPT_AGENTS_NET_RAW', 'false', 'agents.netRaw', false],
  ['NETACCEPT_AGENTS_PEER', 'false', 'agents.peer', false],
  [
    'NETACCEPT_AGENTS_TOLERATIONS',
    '[{key: a, operator: Exists}]',
    'agents.tolerations',
    [{ key: 'a', operator: 'Exists' }],
  ],
  ['NETACCEPT_AGENTS_PRIORITY_CLASS_NAME', 'high', 'agents.priorityClassName', 'high'],
  ['NETACCEPT_AGENTS_READY_TIMEOUT', '1h', 'agents.readyTimeoutMs', 3_600_000],
  ['NETACCEPT_AGENTS_RESOURCES_REQUESTS_CPU', '1', 'agents.resources.requests.cpu', '1'],
  ['NETACCEPT_AGENTS_RESOURCES_REQUESTS_MEMORY', '1Gi', 'agents.resources.requests.memory', '1Gi'],
  [
    'NETACCEPT_AGENTS_RESOURCES_REQUESTS_EPHEMERAL_STORAGE',
    '1M',
    'agents.resources.requests.ephemeral-storage',
    '1M',
  ],
  ['NETACCEPT_AGENTS_RESOURCES_LIMITS_CPU', '2', 'agents.resources.limits.cpu', '2'],
  ['NETACCEPT_AGENTS_RESOURCES_LIMITS_MEMORY', '2e9', 'agents.resources.limits.memory', '2e9'],
  [
    'NETACCEPT_AGENTS_RESOURCES_LIMITS_EPHEMERAL_STORAGE',
    '1k',
    'agents.resources.limits.ephemeral-storage',
    '1k',
  ],
  ['NETACCEPT_AGENTS_PORTS_TCP', '1', 'agents.ports.tcp', 1],
  ['NETACCEPT_AGENTS_PORTS_HTTP', '2', 'agents.ports.http', 2],
  ['NETACCEPT_AGENTS_PORTS_UDP', '3', 'agents.ports.udp', 3],
  ['NETACCEPT_AGENTS_PORTS_CLOSED', '4', 'agents.ports.closed', 4],
  ['NETACCEPT_PROBE_TIMEOUT', '50ms', 'probe.timeoutMs', 50],
  ['NETACCEPT_PROBE_ATTEMPTS', '9', 'probe.attempts', 9],
  ['NETACCEPT_PROBE_CONCURRENCY', '8', 'probe.concurrency', 8],
  ['NETACCEPT_PROBE_PACE', '7', 'probe.pace', 7],
  ['NETACCEPT_PROBE_SOURCES_AT_ONCE', '6', 'probe.sourcesAtOnce', 6],
  ['NETACCEPT_PROBE_DATAGRAMS', '55', 'probe.datagrams', 55],
  ['NETACCEPT_PROBE_ECHO_REQUESTS', '44', 'probe.echoRequests', 44],
  ['NETACCEPT_PROBE_MAX_LOSS_PERCENT', '0', 'probe.maxLossPercent', 0],
  ...sectionVariables,
  ['NETACCEPT_RUN_DEADLINE', '1h', 'run.deadlineMs', 3_600_000],
  ['NETACCEPT_RUN_LOCK_WAIT', '0s', 'run.lockWaitMs', 0],
  ['NETACCEPT_RUN_KEEP', 'true', 'run.keep', true],
  ['NETACCEPT_RUN_OUT', '/out', 'run.out', '/out'],
  ['NETACCEPT_RUN_KEEP_RUNS', '30', 'run.keepRuns', 30],
  ['NETACCEPT_DELIVER_TERMINATION_MESSAGE', '/m', 'delivery.terminationMessage', '/m'],
  ['NETACCEPT_DELIVER_EVENT', 'true', 'delivery.event', true],
  ['NETACCEPT_DELIVER_CONFIG_MAPS_KEEP', '7', 'delivery.configMaps.keep', 7],
  ['NETACCEPT_DELIVER_CONFIG_MAPS_PARTS', '3', 'delivery.configMaps.parts', 3],
  ['NETACCEPT_DELIVER_S3_ENDPOINT', 'http://[::1]:9000', 'delivery.s3.endpoint', 'http://[::1]:9000'],
  ['NETACCEPT_DELIVER_S3_REGION', 'eu-west-1', 'delivery.s3.region', 'eu-west-1'],
  ['NETACCEPT_DELIVER_S3_BUCKET', 'net', 'delivery.s3.bucket', 'net'],
  ['NETACCEPT_DELIVER_S3_PREFIX', 'a/b', 'delivery.s3.prefix', 'a/b'],
  ['NETACCEPT_DELIVER_WEBHOOK_FORMAT', 'slack', 'delivery.webhook.format', 'slack'],
  ['NETACCEPT_DELIVER_WEBHOOK_WHEN', 'not-passed', 'delivery.webhook.when', 'not-passed'],
  [
    'NETACCEPT_DELIVER_PUSHGATEWAY_URL',
    'http://push:9091/x',
    'delivery.pushgateway.url',
    'http://push:9091/x',
  ],
  ['NETACCEPT_DELIVER_PUSHGATEWAY_JOB', 'nightly', 'delivery.pushgateway.job', 'nightly'],
];

test.each(variables)('%s=%s', async (variable, text, path, value) => {
  const { settings, delivery, notes, sources } = await load({ env: { [variable]: text } });
  expect(at({ ...settings, delivery }, path.split('.'))).toEqual(value);
  expect(notes).toEqual([]);
  expect(sources).toEqual(['defaults', `environment (${variable})`]);
});

test('every key of the file has a variable of its own, and every variable is in the table', () => {
  const derived = keysOf(configSchema(knownNames)).map(({ path }) => variableOf(path));
  expect(variables.map(([variable]) => variable)).toEqual(derived);
  expect(new Set(derived).size).toBe(derived.length);
});

test('an empty variable is not set', async () => {
  expect((await load({ env: { NETACCEPT_NAMESPACE: '', NETACCEPT_PROBE_TIMEOUT: '' } })).sources).toEqual([
    'defaults',
  ]);
});

test.each([
  ['NETACCEPT_PROBE_ATTEMPTS', 'two', 'probe.attempts: got "two", expected a whole number from 1 to 10'],
  [
    'NETACCEPT_PROBE_TIMEOUT',
    '2',
    'probe.timeout: got "2", expected a duration with its unit (such as 500ms, 2s or 10m), from 10ms to 5m',
  ],
  [
    'NETACCEPT_RUN_KEEP_RUNS',
    'many',
    'run.keepRuns: got "many", expected a whole number from 1 to 100000, or all',
  ],
  ['NETACCEPT_RUN_KEEP', 'yes', 'run.keep: got "yes", expected true or false'],
  [
    'NETACCEPT_NODES_EXCLUDE',
    'a,B',
    'nodes.exclude[1]: got "B", expected a DNS-1123 name: a-z, 0-9, "-" and "." between them, at most 253 characters',
  ],
  [
    'NETACCEPT_AGENTS_TOLERATIONS',
    '[{operator: Exist',
    'agents.tolerations: got "[{operator: Exist", expected a list of tolerations, as in a pod',
  ],
  [
    'NETACCEPT_AGENTS_TOLERATIONS',
    '[{operator: Exist}]',
    'agents.tolerations[0].operator: got "Exist", expected one of Exists, Equal; did you mean "Exists"?',
  ],
])('%s=%s is a mistake', async (variable, text, sentence) => {
  expect(await mistakes({ env: { [variable]: text } })).toEqual([`config ${sentence} (from ${variable})`]);
});

describe('a variable that is no setting', () => {
  test('is noted, with what may have been meant', async () => {
    const { notes } = await load({
      env: { NETACCEPT_PROBE_TIMOUT: '3s', NETACCEPT_AGENTS_PORT_TCP: '1', NETACCEPT_X: '1' },
    });
    expect(notes).toEqual([
      'NETACCEPT_PROBE_TIMOUT: no setting has this variable, it is ignored; did you mean "NETACCEPT_PROBE_TIMEOUT"?',
      'NETACCEPT_AGENTS_PORT_TCP: no setting has this variable, it is ignored; did you mean "NETACCEPT_AGENTS_PORTS_TCP"?',
      'NETACCEPT_X: no setting has this variable, it is ignored',
    ]);
  });

  test.each([
    'NETACCEPT_CACHE',
    'NETACCEPT_PROVIDER',
    'NETACCEPT_TOKEN',
    'NETACCEPT_NODE',
    'NETACCEPT_POD',
    'NETACCEPT_UID',
    'NETACCEPT_POD_NAMESPACE',
    'NETACCEPT_JOB',
    'NETACCEPT_JOB_UID',
    'NETACCEPT_WEBHOOK_URL',
    'NETACCEPT_PUSHGATEWAY_AUTH',
    'NETACCEPT_TCP_PORT',
    'NETACCEPT_RUN',
    'NETACCEPT_CONFIG',
    'NETACCEPT_BASE_IMAGE',
    'NETACCEPT_AGENTS_SERVICE_HOST',
    'NETACCEPT_AGENTS_SERVICE_PORT_HTTP',
    'NETACCEPT_AGENTS_PORT_29801_TCP_ADDR',
    'NETACCEPTANCE',
    'KUBECONFIG',
  ])('%s belongs to somebody else', async (name) => {
    expect(await load({ env: { [name]: 'x' } })).toEqual(await load());
  });
});
