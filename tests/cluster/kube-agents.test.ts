// Set-up, exec and clean-up of the agents against a real API server, without the rest of netaccept.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listAgents } from '../../src/kube/agents.ts';
import { applyAgents } from '../../src/kube/apply.ts';
import type { KubeClient } from '../../src/kube/connect.ts';
import { discoverNodes } from '../../src/kube/discover.ts';
import { execBatch } from '../../src/kube/exec.ts';
import { findInstallations } from '../../src/kube/installations.ts';
import { acquireLock } from '../../src/kube/lock.ts';
import { removeAgents } from '../../src/kube/remove.ts';
import { waitForAgents } from '../../src/kube/wait.ts';
import type { Agent, Probe, Settings } from '../../src/model.ts';
import { type AgentLine, WIRE } from '../../src/wire.ts';
import { kubeClient, kubeSettings, NAMESPACES, removeNamespaces } from './kube-settings.ts';
import { kubectl } from './users.ts';

let client: KubeClient;
beforeAll(async () => {
  await removeNamespaces();
});
afterEach(removeNamespaces);

async function setUp(
  settings: Settings,
): Promise<{ spec: Awaited<ReturnType<typeof applyAgents>>['spec']; agents: Agent[] }> {
  const { nodes } = await discoverNodes(client, settings);
  const { spec } = await applyAgents(client, settings);
  return { spec, agents: await waitForAgents(client, settings, nodes, spec) };
}

function places(agents: readonly Agent[]): string[] {
  return agents.map(({ node, network, role }) => `${node} ${network} ${role}`);
}

function tcpProbes(agents: readonly Agent[], port: number): Probe[] {
  return agents.map(({ addresses, uid }, index) => ({
    case: `c${index}`,
    check: 'tcp',
    family: 'v4',
    address: addresses.v4 ?? '',
    port,
    expect: [uid],
    timeoutMs: 5000,
    attempts: 1,
    count: 1,
  }));
}

function exec(agent: Pick<Agent, 'namespace' | 'pod' | 'uid'>, probes: Probe[], deadlineMs = 60_000) {
  const lines: AgentLine[] = [];
  const limits = {
    concurrency: 8,
    calmConcurrency: 4,
    perTarget: 2,
    pace: 100,
    deadlineMs: 30_000,
    maxLossPercent: 40,
  };
  const handlers = {
    onLine: (line: AgentLine) => lines.push(line),
    nextRound: async () => {},
    question: async () => ({ marks: [], sinceMs: 0 }),
    signal: new AbortController().signal,
    deadlineMs,
  };
  return execBatch(
    client,
    agent,
    { wire: WIRE, run: 'test', ...limits, rounds: [{ round: 'main', probes }] },
    handlers,
  ).then((end) => ({
    end,
    lines,
  }));
}

test('a whole run: applied, ready, probed, removed, within its budget of requests; a second removal finds nothing', async () => {
  client = await kubeClient();
  const settings = kubeSettings();
  const { nodes } = await discoverNodes(client, settings);
  const lock = await acquireLock(client, settings, { holder: 'a-run', waitMs: 0 });
  const { spec } = await applyAgents(client, settings);
  const told: [number, number][] = [];
  const onProgress = (ready: number, wanted: number) => told.push([ready, wanted]);
  const agents = await waitForAgents(client, settings, nodes, spec, { onProgress });

  expect(agents.filter(({ ready }) => !ready)).toEqual([]);
  const wanted = ['pod prober', 'pod peer', 'host prober'].flatMap((place) =>
    nodes.map(({ name }) => `${name} ${place}`),
  );
  expect(places(agents)).toEqual(wanted);
  expect(told.at(-1)).toEqual([wanted.length, wanted.length]);
  for (const agent of agents) {
    const node = nodes.find(({ name }) => name === agent.node);
    expect(Object.keys(agent.addresses)).toEqual(Object.keys(node?.addresses ?? {}));
    if (agent.network === 'host') expect(agent.addresses).toEqual(node?.addresses);
  }

  const probers = agents.filter(({ role }) => role === 'prober');
  for (const prober of probers) {
    const { end, lines } = await exec(prober, tcpProbes(agents, settings.agents.ports.tcp));
    expect(end).toEqual({ complete: true });
    expect(lines.at(0)).toMatchObject({ type: 'hello', uid: prober.uid, node: prober.node });
    expect(lines.filter(({ type }) => type === 'observation')).toHaveLength(agents.length);
  }
  expect(places(await listAgents(client, settings, spec)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    wanted.toSorted((a, b) => (a < b ? -1 : 1)),
  );

  const removed = await removeAgents(client, NAMESPACES, { lock });
  await lock.release();
  expect(removed).toEqual(NAMESPACES.map((name) => `Namespace ${name}`));
  expect(client.requests).toBeLessThanOrEqual(2 * nodes.length + 32);
  expect(await removeAgents(client, NAMESPACES)).toEqual([]);
  expect(await findInstallations(client)).not.toContain(NAMESPACES[0]);
});

describe('a second set-up', () => {
  test('with the same settings leaves the agents as they are', async () => {
    client = await kubeClient();
    const first = await setUp(kubeSettings());
    const second = await setUp(kubeSettings());
    expect(second.spec).toEqual(first.spec);
    expect(second.agents.map(({ uid }) => uid)).toEqual(first.agents.map(({ uid }) => uid));
  });

  test('with other settings replaces the agents, and removes those that are switched off', async () => {
    client = await kubeClient();
    const first = await setUp(kubeSettings());
    const other = kubeSettings({
      agents: {
        hostNetwork: false,
        peer: false,
        ports: { tcp: 29_821, http: 29_822, udp: 29_823, closed: 29_829 },
      },
    });
    const { nodes } = await discoverNodes(client, other);
    const second = await setUp(other);
    expect(places(second.agents)).toEqual(nodes.map(({ name }) => `${name} pod prober`));
    expect(second.agents.every(({ ready }) => ready)).toBe(true);
    const before = new Set(first.agents.map(({ uid }) => uid));
    expect(second.agents.filter(({ uid }) => before.has(uid))).toEqual([]);
    expect(await kubectl('get', 'daemonsets', '-n', NAMESPACES[0] ?? '', '-o', 'name')).toBe(
      'daemonset.apps/netaccept-pod-agent\n',
    );
    expect(await kubectl('get', 'daemonsets', '-n', NAMESPACES[1] ?? '', '-o', 'name')).toBe('');
  });

  test('after the token changed replaces the agents: they read it once', async () => {
    client = await kubeClient();
    const settings = kubeSettings({ agents: { hostNetwork: false, peer: false } });
    const first = await setUp(settings);
    await kubectl('delete', 'secret', 'netaccept-token', '-n', settings.namespace);
    const second = await setUp(settings);
    expect(second.agents.every(({ ready }) => ready)).toBe(true);
    expect(second.spec).not.toEqual(first.spec);
    const { end, lines } = await exec(
      second.agents[0] ?? missing(),
      tcpProbes(second.agents, settings.agents.ports.tcp),
    );
    expect(end).toEqual({ complete: true });
    for (const line of lines)
      if (line.type === 'observation')
        expect(line.observation.attempts).toMatchObject([{ outcome: 'reached' }]);
  });
});

describe('a Namespace that was there before', () => {
  test('is used as it is and survives, with everything in it that is not ours', async () => {
    client = await kubeClient();
    const settings = kubeSettings({ hostNamespace: NAMESPACES[0] ?? '' });
    const { namespace } = settings;
    await kubectl('create', 'namespace', namespace);
    await kubectl('label', 'namespace', namespace, 'team=ours');
    await kubectl('create', 'secret', 'generic', 'foreign', '-n', namespace);
    await kubectl('create', 'serviceaccount', 'foreign', '-n', namespace);
    const labels = await kubectl('get', 'namespace', namespace, '-o', 'jsonpath={.metadata.labels}');
    const { agents } = await setUp(settings);
    expect(agents.every(({ ready }) => ready)).toBe(true);
    expect(await kubectl('get', 'namespace', namespace, '-o', 'jsonpath={.metadata.labels}')).toBe(labels);
    expect(await findInstallations(client)).toContain(namespace);

    expect((await removeAgents(client, [namespace])).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      `DaemonSet ${namespace}/netaccept-host-agent`,
      `DaemonSet ${namespace}/netaccept-peer-agent`,
      `DaemonSet ${namespace}/netaccept-pod-agent`,
      `Secret ${namespace}/netaccept-token`,
      `ServiceAccount ${namespace}/netaccept-agent`,
    ]);
    expect(await kubectl('get', 'pods', '-n', namespace, '-o', 'name')).toBe('');
    expect(await kubectl('get', 'secrets,serviceaccounts', '-n', namespace, '-o', 'name')).toBe(
      'secret/foreign\nserviceaccount/default\nserviceaccount/foreign\n',
    );
    expect(await removeAgents(client, [namespace])).toEqual([]);
  });
});

describe('agents that cannot start are returned with the reason', () => {
  test('an image that is nowhere', async () => {
    client = await kubeClient();
    const image = {
      name: 'netaccept/no-such-image:0',
      registry: '',
      pullPolicy: 'Never' as const,
      pullSecrets: [],
    };
    const { agents } = await setUp(
      kubeSettings({ image, agents: { hostNetwork: false, peer: false, readyTimeoutMs: 15_000 } }),
    );
    expect(agents.length).toBeGreaterThan(0);
    for (const agent of agents) {
      expect(agent).toMatchObject({
        ready: false,
        problem: expect.stringMatching(/^ErrImageNeverPull: .*no-such-image/),
      });
    }
  });

  test('a Namespace that forbids them', async () => {
    client = await kubeClient();
    const settings = kubeSettings({ agents: { peer: false, readyTimeoutMs: 15_000 } });
    await kubectl('create', 'namespace', settings.hostNamespace);
    await kubectl(
      'label',
      'namespace',
      settings.hostNamespace,
      'pod-security.kubernetes.io/enforce=restricted',
    );
    const { agents } = await setUp(settings);
    expect(agents.filter(({ network, ready }) => network === 'pod' && !ready)).toEqual([]);
    const host = agents.filter(({ network }) => network === 'host');
    expect(host.length).toBeGreaterThan(0);
    for (const agent of host) {
      expect(agent).toMatchObject({
        ready: false,
        pod: '',
        problem: expect.stringMatching(/^FailedCreate: .*violates PodSecurity "restricted/),
      });
    }
  });

  test('a wait that is interrupted', async () => {
    client = await kubeClient();
    const settings = kubeSettings({ agents: { hostNetwork: false, peer: false } });
    const { nodes } = await discoverNodes(client, settings);
    const { spec } = await applyAgents(client, settings);
    const stop = new AbortController();
    const waiting = waitForAgents(client, settings, nodes, spec, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('an exec', () => {
  test('into a pod that is not there is not complete, and says so', async () => {
    client = await kubeClient();
    const { end } = await exec({ namespace: 'kube-system', pod: 'no-such-pod', uid: 'x' }, []);
    expect(end).toEqual({
      complete: false,
      cause: 'exec-broken',
      detail: 'the API server did not open the exec stream: 404 pods "no-such-pod" not found',
    });
  });

  test('that reaches another pod than the one that was meant is not complete', async () => {
    client = await kubeClient();
    const { agents } = await setUp(kubeSettings({ agents: { hostNetwork: false, peer: false } }));
    const { end, lines } = await exec({ ...(agents[0] ?? missing()), uid: 'another' }, tcpProbes(agents, 1));
    expect(end).toMatchObject({
      complete: false,
      cause: 'exec-broken',
      detail: expect.stringContaining('answered instead of pod another'),
    });
    expect(lines).toEqual([]);
  });
});

function missing(): never {
  throw new Error('no agent at all');
}
