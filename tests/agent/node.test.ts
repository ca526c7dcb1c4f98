import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { node } from '../../src/checks/node.ts';
import type { Probe } from '../../src/model.ts';
import { batchOf, probeOf, startBatch } from './agent.ts';
import { attemptOf } from './attempts.ts';
import { httpStandIn, tcpStandIn } from './stand-ins.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netaccept-ip-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function asking(fact: string, ask: unknown, more: Partial<Probe> = {}): Probe {
  const { family: _family, ...probe } = probeOf('node', 0, { address: '', expect: [], ...more });
  return { ...probe, case: `on-node/node node-a → ${fact}`, ask: { fact, ask } };
}

/** Puts a shell script in `ip`'s place; its standard input is there to read. */
async function ipIs(script: string): Promise<string> {
  const path = join(folder, 'ip');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv('NETACCEPT_IP', path);
  return path;
}

describe('the bundled agent on this very machine', () => {
  test('reads devices, routes and switches, and its devices once for a whole batch', async () => {
    const ip = await ipIs(`echo "$*" >> ${folder}/calls; PATH="$PATH:/usr/sbin:/sbin" exec ip "$@"`);
    const probes = [
      asking('devices', { families: ['v4'], watch: ['lo'] }),
      asking('mtu', { addresses: ['127.0.0.1'] }),
      asking('forwarding', { family: 'v4', addresses: ['127.0.0.1'] }),
      asking('leftover-routes', { family: 'v4', ranges: ['0.0.0.0/0'] }),
      asking('routes', { peers: [{ node: 'node-b', address: '127.0.0.1' }] }),
      asking('conntrack', undefined),
    ];
    const { told } = startBatch(batchOf(probes), ['env', `NETACCEPT_IP=${ip}`]);
    const { observations } = await told;
    const found = Object.fromEntries(
      observations.map(({ case: id, attempts }) => [id.split(' → ')[1], attempts.at(-1)]),
    );
    expect(observations.map(({ attempts }) => attempts.at(-1)?.outcome)).toEqual(Array(6).fill('reached'));
    const lo = { name: 'lo', mtu: 65_536 };
    expect(found.devices?.found).toMatchObject({
      devices: [{ ...lo, up: true, addresses: expect.arrayContaining(['127.0.0.1/8']) }],
    });
    expect(found.mtu?.found).toMatchObject({ devices: [{ ...lo, uplink: true }] });
    expect(found.forwarding?.found).toMatchObject({
      forwarding: { 'net.ipv4.ip_forward': expect.stringMatching(/^[01]$/) },
      rpFilter: { lo: expect.stringMatching(/^[012]$/) },
    });
    expect(found.routes?.found).toMatchObject({
      ways: [{ node: 'node-b', lookup: { address: '127.0.0.1', route: { type: 'local' } } }],
    });
    const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
    expect(calls.sort()).toEqual([
      '-force -j -d -batch -',
      '-j -d -4 route show table main',
      '-j -d address show',
    ]);
  });
});

describe('without a usable ip nothing is known of the Node', () => {
  const probe = asking('devices', { families: ['v4'], watch: [] });

  test('none at all', async () => {
    vi.stubEnv('NETACCEPT_IP', join(folder, 'none'));
    const attempt = await attemptOf(node, probe);
    expect(attempt).toMatchObject({ outcome: 'unobserved', cause: 'local-fault' });
    expect(attempt.detail).toMatch(/^ip -j -d -4 route show table main: spawn \S+ ENOENT$/);
  });

  test('one that may not ask', async () => {
    await ipIs('echo "Cannot open netlink socket: Operation not permitted" >&2; exit 255');
    expect(await attemptOf(node, probe)).toEqual({
      outcome: 'unobserved',
      cause: 'local-fault',
      detail: 'ip -j -d -4 route show table main: Cannot open netlink socket: Operation not permitted',
    });
  });

  test('a failure is not kept: the second attempt reads again', async () => {
    await ipIs(`echo x >> ${folder}/calls; [ "$(wc -l < ${folder}/calls)" -gt 1 ] && echo "[]" || exit 1`);
    const { signal } = new AbortController();
    expect((await attemptOf(node, probe, { signal })).outcome).toBe('unobserved');
    expect((await attemptOf(node, probe, { signal })).outcome).toBe('reached');
  });

  test('one that answers fewer addresses than it was asked', async () => {
    await ipIs('[ "$1" = -force ] && cat > /dev/null; echo "[]"');
    const peers = [{ node: 'node-b', address: '10.0.0.1' }];
    const attempt = await attemptOf(node, asking('routes', { peers }));
    expect(attempt).toMatchObject({ outcome: 'unobserved', detail: 'ip route get 10.0.0.1: no answer ()' });
  });
});

test('of several addresses, those without a route are told apart from those with one', async () => {
  await ipIs(
    `if [ "$1" = -force ]; then cat > ${folder}/asked
       echo '[{"type":"unicast","dst":"10.244.2.0/24","gateway":"10.244.2.0","dev":"vxlan0","flags":["onlink"]}]'
       echo '[{"type":"unicast","dst":"default","flags":[],"nexthops":[{"gateway":"10.0.0.1","dev":"eth0"},{"via":{"family":"inet6","host":"fe80::1"},"dev":"eth1"}]}]'
       printf 'RTNETLINK answers: Invalid argument\\nCommand failed -:1\\nRTNETLINK answers: No route to host\\nCommand failed -:3\\n' >&2
       exit 1
     fi
     echo '[{"ifname":"vxlan0","flags":["UP"],"mtu":1450,"linkinfo":{"info_kind":"vxlan"}}]'`,
  );
  const peers = ['10.244.1.2', '10.244.2.2', '10.244.3.2', '10.244.4.2'].map((address, at) => ({
    node: `node-${at + 1}`,
    address,
  }));
  const attempt = await attemptOf(node, asking('routes', { peers }));
  const { ways } = attempt.found as { ways: { node: string; lookup: object; devices: object[] }[] };
  expect(ways.map(({ lookup }) => lookup)).toEqual([
    { address: '10.244.1.2', error: 'Invalid argument' },
    {
      address: '10.244.2.2',
      route: {
        to: '10.244.2.0/24',
        type: 'unicast',
        protocol: 'boot',
        hops: [{ device: 'vxlan0', gateway: '10.244.2.0' }],
      },
    },
    { address: '10.244.3.2', error: 'No route to host' },
    {
      address: '10.244.4.2',
      route: {
        to: 'default',
        type: 'unicast',
        protocol: 'boot',
        hops: [
          { device: 'eth0', gateway: '10.0.0.1' },
          { device: 'eth1', gateway: 'fe80::1' },
        ],
      },
    },
  ]);
  expect(ways[1]?.devices).toEqual([{ name: 'vxlan0', kind: 'vxlan', up: true }]);
  expect((await readFile(join(folder, 'asked'), 'utf8')).split('\n')[0]).toBe(
    'route get fibmatch 10.244.1.2',
  );
});

describe("kube-proxy's health", () => {
  const said = '{"lastUpdated":"x","currentTime":"2026-11-20T13:15:08Z"}';
  test.each([
    ['healthy', 200, said],
    ['unhealthy', 503, said],
    ['foreign', 200, 'welcome'],
    ['foreign', 404, ''],
  ])('%s: HTTP %i %s', async (state, status, text) => {
    const port = await httpStandIn((_request, response) => response.writeHead(status).end(text));
    const attempt = await attemptOf(node, asking('kube-proxy', { port }));
    expect(attempt).toMatchObject({ outcome: 'reached', found: { state } });
  });

  test('silent: it takes the connection and says nothing', async () => {
    const port = await tcpStandIn(() => undefined);
    const attempt = await attemptOf(node, asking('kube-proxy', { port }, { timeoutMs: 100 }));
    expect(attempt.found).toEqual({ state: 'silent', detail: 'nothing within 100 ms' });
  });

  test('foreign: it does not speak HTTP', async () => {
    const port = await tcpStandIn((socket) => socket.end('SSH-2.0-x\r\n'));
    const attempt = await attemptOf(node, asking('kube-proxy', { port }));
    expect(attempt.found).toMatchObject({ state: 'foreign' });
  });

  test('none: nobody listens', async () => {
    const attempt = await attemptOf(node, asking('kube-proxy', { port: 1 }));
    expect(attempt.found).toMatchObject({ state: 'none' });
  });
});

describe('BGP', () => {
  const peers = [{ node: 'node-b', address: '127.0.0.1' }];

  test('a port that listens here is found, and the others are dialled; a session is seen from either end', async () => {
    const port = await tcpStandIn((socket) => socket.resume());
    const first = await attemptOf(node, asking('bgp', { port, peers, always: false }));
    expect(first.found).toMatchObject({ listens: true, dialled: [{ node: 'node-b', outcome: 'reached' }] });
    const client = await import('node:net').then(({ connect }) => connect(port, '127.0.0.1'));
    await new Promise((resolve) => client.once('connect', resolve));
    const second = await attemptOf(node, asking('bgp', { port, peers, always: false }));
    client.destroy();
    expect(second.found).toMatchObject({ sessions: ['node-b'] });
  });

  test('where nobody listens nobody is dialled, unless the settings want it', async () => {
    const attempt = await attemptOf(node, asking('bgp', { port: 1, peers, always: false }));
    expect(attempt.found).toEqual({ listens: false, sessions: [], dialled: [] });
    const wanted = await attemptOf(node, asking('bgp', { port: 1, peers, always: true }));
    expect(wanted.found).toMatchObject({ listens: false, dialled: [{ outcome: 'refused' }] });
  });
});
