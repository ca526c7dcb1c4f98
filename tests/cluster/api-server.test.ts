// The way to the API server, healthy and with a stranger's certificate; how else it breaks is the fault catalogue's.
import { isIPv6 } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { type Fault, withFault } from '../../fixtures/faults/inject.ts';
import type { Case, ClusterService } from '../../src/model.ts';
import { readRecording } from '../../src/run/recording.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { type Checked, check, idsWith, netaccept } from './netaccept.ts';
import { expectExactlyRed } from './red.ts';

/** The agents stay between the runs of this file: what is tested is the verdicts. */
const API = ['--keep', '--only', 'api-server'];
/** Where the stranger listens. */
const STRANGER = 19_443;

let cluster: Cluster;
let three: string;
let healthy: Checked;
/** Of `default/kubernetes`. */
let vip: string;
let program: string;

beforeAll(async () => {
  cluster = await testCluster();
  [, , three] = await fourNodes(cluster);
  healthy = await check(API);
  const services: ClusterService[] = (await readRecording(healthy.dir)).header.topology?.services ?? [];
  const clusterIPs = services.find(({ role }) => role === 'api-server')?.clusterIPs;
  vip = clusterIPs?.v4 ?? clusterIPs?.v6 ?? '';
  program = isIPv6(vip) ? 'ip6tables' : 'iptables';
});

afterAll(async () => {
  await netaccept(['clean']);
});

async function expectRed(fault: Fault, isRed: (entry: Case) => boolean): Promise<string[]> {
  const broken = await withFault(cluster, fault, () => check(API));
  expectExactlyRed(broken, isRed);
  return broken.result.verdicts.filter(({ verdict }) => verdict === 'failed').map(({ sentence }) => sentence);
}

function isVipFrom(node: string, { source, target, family }: Case): boolean {
  return source.node === node && target.name === 'VIP' && family === (isIPv6(vip) ? 'v6' : 'v4');
}

/** Rules in front of all others, and their removal. */
function rules(node: string, ...all: string[]): Fault {
  const command = (action: string) =>
    all.map((rule) => [program, '-w', ...rule.replace('-A ', `${action} `).split(' ')]);
  return { node, inject: command('-I'), undo: command('-D') };
}

test('every pod and Node proves the API server by its VIP and by its endpoint', () => {
  const { result, exitCode } = healthy;
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(exitCode).toBe(0);
  const targets = new Set(result.verdicts.map(({ case: { target } }) => target.name));
  expect(targets).toEqual(new Set(['VIP', `endpoint on ${cluster.nodes.map(({ name }) => name).sort()[0]}`]));
  for (const { sentence } of result.verdicts)
    expect(sentence).toMatch(/proved who it is \(HTTP \d+(, v1\.\d+\.\d+)?\)/);
  expect(result.controls.map(({ state }) => state)).toEqual(expect.arrayContaining(['held']));
  expect(result.controls.filter(({ state }) => state !== 'held')).toEqual([]);
});

test('a stranger at the VIP: whose certificate that is', async () => {
  const own = cluster.nodes.find(({ name }) => name === three)?.addresses;
  const to = isIPv6(vip) ? `[${own?.v6}]:${STRANGER}` : `${own?.v4}:${STRANGER}`;
  const rule = `-d ${vip} -p tcp --dport 443 -j DNAT --to-destination ${to}`;
  const redirect = rules(three, `-t nat -A PREROUTING ${rule}`, `-t nat -A OUTPUT ${rule}`);
  const start = [
    'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stranger -addext subjectAltName=DNS:kubernetes.default.svc -keyout /tmp/stranger.key -out /tmp/stranger.crt 2>/dev/null',
    `openssl s_server -quiet -accept ${STRANGER} -cert /tmp/stranger.crt -key /tmp/stranger.key -www </dev/null >/dev/null 2>&1 & echo $! >/tmp/stranger.pid`,
    `for _ in $(seq 100); do openssl s_client -connect ${to} </dev/null >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1`,
  ];
  const stop = 'kill "$(cat /tmp/stranger.pid)"; rm -f /tmp/stranger.*';
  const fault: Fault = {
    node: three,
    inject: [['sh', '-c', start.join('\n')], ...redirect.inject],
    undo: [['sh', '-c', stop], ...redirect.undo],
  };
  const sentences = await expectRed(fault, (entry) => isVipFrom(three, entry));
  for (const sentence of sentences) {
    expect(sentence).toMatch(
      /does not come from the cluster's CA \(\w+\): subject CN=stranger, issuer CN=stranger,/,
    );
  }
});

test('mended, everything is green again', async () => {
  const { result, exitCode } = await check(API);
  expect(idsWith(result, 'failed')).toEqual([]);
  expect(exitCode).toBe(0);
});
