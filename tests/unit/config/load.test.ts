import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeliverySettings, Settings } from '../../../src/model.ts';
import { configs, load, mistakes } from './loading.ts';
import { sectionDefaults, sectionsInFull } from './sections.ts';

const defaults: Settings = {
  namespace: 'netaccept',
  hostNamespace: 'netaccept-host',
  only: [],
  skip: [],
  nodes: { selector: '', exclude: [] },
  image: { name: 'netaccept/agent:1.2.3', registry: '', pullPolicy: 'IfNotPresent', pullSecrets: [] },
  agents: {
    hostNetwork: true,
    netRaw: true,
    peer: true,
    tolerations: [{ operator: 'Exists' }],
    priorityClassName: '',
    resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '192Mi' } },
    ports: { tcp: 29_801, http: 29_802, udp: 29_803, closed: 29_809 },
    readyTimeoutMs: 180_000,
  },
  probe: {
    timeoutMs: 2000,
    attempts: 2,
    concurrency: 16,
    pace: 200,
    sourcesAtOnce: 16,
    datagrams: 5,
    echoRequests: 3,
    maxLossPercent: 40,
  },
  ...sectionDefaults,
  run: { deadlineMs: 900_000, lockWaitMs: 600_000, keep: false, out: '' },
};

const nowhere: DeliverySettings = {
  terminationMessage: '/dev/termination-log',
  event: false,
  configMaps: { keep: 0, parts: 8 },
  s3: { endpoint: '', region: 'us-east-1', bucket: '', prefix: '' },
  webhook: { format: 'json', when: 'always' },
  pushgateway: { url: '', job: 'netaccept' },
};

describe('the file', () => {
  test('may be absent, and everything is at its default', async () => {
    expect(await load()).toEqual({
      settings: defaults,
      delivery: nowhere,
      sources: ['defaults'],
      notes: [],
    });
  });

  test('is netaccept.yaml in the working directory', async () => {
    const cwd = await folderWith('netaccept.yaml', 'probe: { attempts: 7 }');
    const { settings, sources } = await load({ cwd });
    expect(settings.probe.attempts).toBe(7);
    expect(sources).toEqual(['defaults', 'netaccept.yaml']);
  });

  test('must be there when it was named', async () => {
    expect(await mistakes({ file: 'nowhere.yaml', cwd: '/tmp' })).toEqual([
      'config nowhere.yaml: cannot be read: there is no /tmp/nowhere.yaml',
    ]);
  });

  test('that cannot be read says why', async () => {
    const [problem] = await mistakes({ file: 'good' });
    expect(problem).toMatch(/^config good: cannot be read: EISDIR/);
  });

  test('may be named from the home folder', async () => {
    const home = await folderWith('mine.yaml', 'namespace: mine');
    expect((await load({ home, file: '~/mine.yaml' })).settings.namespace).toBe('mine');
  });

  test('sets every key', async () => {
    const { settings, delivery, notes } = await load({ file: 'good/full.yaml' });
    expect(settings).toEqual(full);
    expect(delivery).toEqual(everywhere);
    expect(notes).toEqual([]);
  });

  test.each([
    ['good/empty.yaml', defaults],
    ['good/commented-out.yaml', { ...defaults, probe: { ...defaults.probe, attempts: 3 } }],
    [
      'good/ours.json',
      {
        ...defaults,
        namespace: 'from-json',
        hostNamespace: 'from-json-host',
        probe: { ...defaults.probe, attempts: 4 },
      },
    ],
  ])('%s', async (file, expected) => {
    expect((await load({ file })).settings).toEqual(expected);
  });

  test('a namespace too long for its host twin asks for a name of its own', async () => {
    const cwd = await folderWith('netaccept.yaml', `namespace: ${'a'.repeat(60)}`);
    expect(await mistakes({ cwd })).toEqual([
      `config hostNamespace: got none, and "${'a'.repeat(60)}-host" is longer than a Namespace's name may be: name one (from the defaults and netaccept.yaml:1)`,
    ]);
  });

  test('may use one namespace for both, and is told what that means', async () => {
    const { notes } = await load({ file: 'good/one-namespace.yaml' });
    expect(notes).toEqual([
      'namespace and hostNamespace are both "shared": the host-network agents need Pod Security "privileged", so the pod-network agents are not held to "restricted" there',
    ]);
  });
});

describe('precedence', () => {
  test('a flag wins over a variable, a variable over the file, the file over the default, key by key', async () => {
    const cwd = await folderWith(
      'netaccept.yaml',
      'namespace: file\ncontext: file\nkubeconfig: file\nrun: { out: file, keep: true }',
    );
    const { settings, sources } = await load({
      cwd,
      env: { NETACCEPT_NAMESPACE: 'variable', NETACCEPT_CONTEXT: 'variable' },
      flags: { namespace: 'flag', keep: false },
    });
    expect(settings).toEqual({
      ...defaults,
      namespace: 'flag',
      hostNamespace: 'flag-host',
      context: 'variable',
      kubeconfig: join(cwd, 'file'),
      run: { ...defaults.run, out: join(cwd, 'file'), keep: false },
    });
    expect(sources).toEqual([
      'defaults',
      'netaccept.yaml',
      'environment (NETACCEPT_NAMESPACE, NETACCEPT_CONTEXT)',
      'flags (--namespace, --clean)',
    ]);
  });

  test('a list is replaced, not extended', async () => {
    const { settings } = await load({ file: 'good/full.yaml', flags: { only: ['icmp'], skip: [] } });
    expect([settings.only, settings.skip]).toEqual([['icmp'], []]);
  });
});

describe('flags', () => {
  test('--deep is a hundred packets, whatever the file says', async () => {
    const { settings, sources } = await load({ file: 'good/full.yaml', flags: { deep: true } });
    expect(settings.quality.packets).toBe(100);
    expect(sources.at(-1)).toBe('flags (--deep)');
    const variable = await load({ env: { NETACCEPT_QUALITY_PACKETS: '7' }, flags: { deep: true } });
    expect(variable.settings.quality.packets).toBe(100);
  });

  test('take lists as they were given: repeated, or with commas', async () => {
    const { settings } = await load({
      flags: { only: ['tcp, udp', 'pod-to-pod'], skip: 'http,icmp', nodes: 'a=b' },
    });
    expect([settings.only, settings.skip, settings.nodes.selector]).toEqual([
      ['tcp', 'udp', 'pod-to-pod'],
      ['http', 'icmp'],
      'a=b',
    ]);
  });

  test('are named in their mistakes', async () => {
    expect(await mistakes({ flags: { nodes: '=edge', only: 'tcp,upd' } })).toEqual([
      'config only[1]: got "upd", expected one of http, icmp, tcp, udp, node-to-node, node-to-pod, pod-to-node, pod-to-pod (from --only)',
      `config nodes.selector: got "=edge", expected a label selector (such as pool=edge,zone in (a,b),!virtual), or '' for all (from --nodes)`,
    ]);
  });

  test('that were not given change nothing', async () => {
    expect((await load({ flags: { out: undefined, keep: undefined } })).sources).toEqual(['defaults']);
  });
});

describe('paths', () => {
  test.each([
    ['~', '/home/tester'],
    ['~/.kube/config', '/home/tester/.kube/config'],
    ['/etc/kube', '/etc/kube'],
    ['../kube', '/srv/kube'],
  ])('%s is %s', async (written, meant) => {
    const { settings } = await load({ cwd: '/srv/run', flags: { kubeconfig: written, out: written } });
    expect([settings.kubeconfig, settings.run.out]).toEqual([meant, meant]);
  });
});

describe('mistakes', () => {
  test('of all places come together', async () => {
    expect(
      await mistakes({
        file: 'bad/attempts.yaml',
        env: { NETACCEPT_PROBE_PACE: 'fast', NETACCEPT_PROBE_ATTEMPTS: '3' },
        flags: { namespace: '' },
      }),
    ).toEqual([
      'config probe.attempts: got 0, expected a whole number from 1 to 10 (from bad/attempts.yaml:2)',
      'config probe.pace: got "fast", expected a whole number from 1 to 10000 (from NETACCEPT_PROBE_PACE)',
      'config namespace: got "", expected a DNS-1123 label: a-z, 0-9 and "-" between them, at most 63 characters (from --namespace)',
    ]);
  });

  test('between places name both', async () => {
    expect(await mistakes({ env: { NETACCEPT_SKIP: 'udp' }, flags: { only: 'udp' } })).toEqual([
      'config skip: got "udp", expected a name that is not in only as well (from NETACCEPT_SKIP and --only)',
    ]);
  });

  test('do not make others up: a wrong port is not compared as if it were the default', async () => {
    const cwd = await folderWith('netaccept.yaml', 'agents: { ports: { tcp: none, http: 29801 } }');
    expect(await mistakes({ cwd })).toHaveLength(1);
  });

  test('in a file that cannot be parsed do not make others up either', async () => {
    const cwd = await folderWith('netaccept.yaml', 'run: { deadline: 1h');
    expect(
      await mistakes({ cwd, env: { NETACCEPT_PROBE_TIMEOUT: '5m', NETACCEPT_RUN_DEADLINE: '1m' } }),
    ).toHaveLength(1);
  });
});

async function folderWith(name: string, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), content);
  return folder;
}

const full: Settings = {
  kubeconfig: '/home/tester/clusters/edge.kubeconfig',
  context: 'edge-admin',
  clusterName: 'Edge, row 7',
  namespace: 'acceptance',
  hostNamespace: 'acceptance-host',
  only: ['pod-to-pod', 'node-to-pod', 'tcp', 'udp'],
  skip: ['icmp'],
  nodes: {
    selector: 'pool=edge, zone in (a, b), !virtual, example.org/tier!=gold',
    exclude: ['edge-7', 'edge-8.example.org'],
  },
  image: {
    name: 'mirror/netaccept/agent:0.0.9',
    registry: 'registry.example.org:5000/mirror',
    pullPolicy: 'Always',
    pullSecrets: ['registry-login'],
  },
  agents: {
    hostNetwork: false,
    netRaw: false,
    peer: false,
    tolerations: [
      { key: 'example.org/dedicated', operator: 'Equal', value: 'network', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists' },
    ],
    priorityClassName: 'system-node-critical',
    resources: {
      requests: { cpu: '1', 'ephemeral-storage': '8Mi' },
      limits: { cpu: '1500m', memory: '0.5Gi' },
    },
    ports: { tcp: 1, http: 65_535, udp: 4789, closed: 9 },
    readyTimeoutMs: 90_000,
  },
  probe: {
    timeoutMs: 750,
    attempts: 10,
    concurrency: 1000,
    pace: 1,
    sourcesAtOnce: 2,
    datagrams: 7,
    echoRequests: 8,
    maxLossPercent: 0,
  },
  ...sectionsInFull,
  run: { deadlineMs: 7_200_000, lockWaitMs: 0, keep: true, out: join(configs, 'out/today'), keepRuns: 14 },
};

const everywhere: DeliverySettings = {
  terminationMessage: '',
  event: true,
  configMaps: { keep: 14, parts: 20 },
  s3: {
    endpoint: 'https://s3.example.org',
    region: 'eu-central-1',
    bucket: 'reports',
    prefix: 'clusters/edge',
  },
  webhook: { format: 'slack', when: 'not-passed' },
  pushgateway: { url: 'http://pushgateway.monitoring:9091', job: 'edge' },
};
