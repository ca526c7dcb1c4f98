import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { configs, knownNames, load, mistakes } from './loading.ts';

test('what netctl writes by itself runs as it is', async () => {
  const { settings, sources, notes } = await load({ file: 'netctl.json' });
  const { settings: ours } = await load();
  expect(settings).toEqual({
    ...ours,
    kubeconfig: '/home/tester/.kube/config',
    namespace: 'kosmos-system',
    hostNamespace: 'kosmos-system-host',
    only: ['pod-to-pod', 'tcp'],
    agents: { ...ours.agents, readyTimeoutMs: 30_000, ports: { ...ours.agents.ports, tcp: 8889 } },
    probe: { ...ours.probe, timeoutMs: 10_000, sourcesAtOnce: 3 },
    run: { ...ours.run, keep: true },
  });
  expect(sources).toEqual(['defaults', "netctl.json (netctl's)"]);
  expect(notes).toEqual([
    'netctl.json: version "v0.0.2" is ignored: it is the tag of netctl\'s own image, and netaccept runs its own agent (image.name)',
    'netctl.json: srcImageRepository "ghcr.io/kosmos-io" is ignored: it holds netctl\'s own image and not netaccept\'s (image.registry)',
    "netctl.json: autoClean is not set: as with netctl the agents stay in the cluster until 'netaccept clean' (run.keep)",
  ]);
});

test('every key but those of targets is either followed or said not to be', async () => {
  const { settings, notes } = await load({ file: 'netctl-everything.json', cwd: configs });
  const { settings: ours } = await load();
  expect(settings).toEqual({
    ...ours,
    kubeconfig: join(configs, 'src.kubeconfig'),
    namespace: 'network-check',
    hostNamespace: 'network-check-host',
    only: ['node-to-pod'],
    image: { ...ours.image, registry: 'registry.example.org/mirror' },
    agents: { ...ours.agents, readyTimeoutMs: 120_000, ports: { ...ours.agents.ports, tcp: 8899 } },
    probe: { ...ours.probe, timeoutMs: 5000, sourcesAtOnce: 20 },
    dns: {
      ...ours.dns,
      servers: [{ name: '192.0.2.53', address: '192.0.2.53', port: 53 }],
      names: [{ name: 'www.example.org', type: 'A', expect: [] }],
    },
  });
  expect(notes).toEqual(
    [
      'version "v0.2.1" is ignored: it is the tag of netctl\'s own image, and netaccept runs its own agent (image.name)',
      'dstKubeConfig "~/.kube/dst-config" is ignored: a second cluster cannot be probed yet, only that of srcKubeConfig is tested',
      'dstImageRepository "registry.example.org/mirror" is ignored: a second cluster cannot be probed yet',
      'protocol "dns" is ignored: there is no dns check yet, so dns is NOT tested and the other checks run instead',
    ].map((note) => `netctl-everything.json: ${note}`),
  );
});

test.each([
  ['pod', 'pod-to-dns'],
  ['node', 'node-to-dns'],
  ['node-to-pod', 'node-to-dns'],
  ['pod-to-node', 'pod-to-dns'],
])('protocol dns in mode %s asks name servers on the path %s', async (mode, path) => {
  const cwd = await mkdtemp(join(tmpdir(), 'netaccept-netctl-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'config.json'), JSON.stringify({ mode, protocol: 'dns' }));
  const dnsNames = ['dns', 'pod-to-dns', 'node-to-dns'];
  const { settings, notes } = await load({
    file: 'config.json',
    cwd,
    knownNames: [...knownNames, ...dnsNames],
  });
  expect(settings.only).toEqual([path, 'dns']);
  expect(notes.filter((note) => note.includes('protocol'))).toEqual([]);
});

test('0, false and empty mean "not set", as for netctl', async () => {
  const { settings } = await load({ file: 'netctl-zeros.json' });
  const { settings: ours } = await load();
  expect(settings).toEqual({ ...ours, only: ['pod-to-pod'], run: { ...ours.run, keep: true } });
});

describe('variables and flags', () => {
  test('win over it as over our own file', async () => {
    const { settings } = await load({
      file: 'netctl.json',
      env: { NETACCEPT_PROBE_TIMEOUT: '1s' },
      flags: { only: 'udp', keep: false },
    });
    expect([settings.probe.timeoutMs, settings.only, settings.run.keep]).toEqual([1000, ['udp'], false]);
  });

  test('that contradict it name its key', async () => {
    expect(
      await mistakes({
        file: 'netctl.json',
        flags: { skip: 'tcp' },
        env: { NETACCEPT_AGENTS_PORTS_HTTP: '8889' },
      }),
    ).toEqual([
      'config agents.ports.http: got 8889, expected a port that no other responder has, but tcp is 8889 too (from NETACCEPT_AGENTS_PORTS_HTTP and port in netctl.json:7)',
      'config skip: got "tcp", expected a name that is not in only as well (from --skip and mode in netctl.json:4)',
    ]);
  });
});
