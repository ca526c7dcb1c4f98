// The cluster's DNS: healthy, lied about, and as it is configured; how else it breaks is the fault catalogue's.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { answering, withCorefile } from '../../fixtures/faults/corefile.ts';
import { type DnsPod, dnsPods } from '../../fixtures/faults/dns-pods.ts';
import { readRecording } from '../../src/run/recording.ts';
import { testCluster } from './cluster.ts';
import { type Checked, check, idsWith, netaccept } from './netaccept.ts';
import { idsWhere } from './predict.ts';
import { expectExactlyRed } from './red.ts';

/** The agents stay between the runs of this file: what is tested is the verdicts. */
const DNS = ['--keep', '--only', 'dns'];

let cluster: Cluster;
let pods: DnsPod[];
let healthy: Checked;

beforeAll(async () => {
  cluster = await testCluster();
  pods = await dnsPods(cluster);
  healthy = await check(DNS);
});

afterAll(async () => {
  await netaccept(['clean']);
});

test('every server answers every question rightly, from every pod and Node', async () => {
  const { result, exitCode } = healthy;
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(exitCode).toBe(0);
  const servers = new Set(result.verdicts.map(({ case: { about } }) => about?.server));
  const direct = pods.map(({ node }) => `DNS pod on ${node}`);
  expect(servers).toEqual(new Set(['resolv.conf', 'VIP kube-dns', ...direct]));
  // A control for each source and family: nobody answers where nobody is.
  expect(result.controls.map(({ state }) => state)).toEqual(Array(2 * cluster.nodes.length * 2).fill('held'));
  for (const { measured } of result.verdicts) expect(measured?.tookMs).toBeGreaterThan(0);
});

test('a lie about one name, and one for every name that nobody has: the questions about these', async () => {
  const lie = answering('netaccept.netaccept.svc.cluster.local', { v4: '192.0.2.66', v6: '2001:db8::66' });
  const broken = await withCorefile(
    cluster,
    (corefile) => wildcard(lie(corefile)),
    () => check(DNS),
  );
  const wrong = /^A(AAA)? (netaccept\.netaccept\b|of a name that nobody has)/;
  expectExactlyRed(broken, ({ about }) => wrong.test(about?.question ?? ''));
  const sentences = broken.result.verdicts
    .filter(({ verdict }) => verdict === 'failed')
    .map((one) => one.sentence);
  for (const sentence of sentences)
    expect(sentence).toMatch(/says (192\.0\.2\.6[67]|2001:db8::66) to A.* by udp, expected /);
});

/** Answers whatever has no Namespace in its name. */
function wildcard(corefile: string): string {
  const lines = [
    'template IN A {',
    'match "^[^.]+[.]svc[.]cluster[.]local[.]$"',
    'answer "{{ .Name }} 5 IN A 192.0.2.67"',
    'fallthrough',
    '}',
  ];
  return corefile.replace(/^\s*kubernetes cluster\.local/m, (found) => `${lines.join('\n')}\n${found}`);
}

test('a selector that finds no DNS Service: every source says so, and what it still can ask is asked', async () => {
  const { result, exitCode } = await check(DNS, {
    env: { NETACCEPT_DNS_SELECTOR: 'k8s-app=somewhere-else' },
  });
  expect(idsWith(result, 'errored')).toEqual(idsWhere(result, ({ target }) => target.name === 'DNS Service'));
  expect(idsWith(result, 'errored')).toHaveLength(2 * cluster.nodes.length);
  expect(idsWith(result, 'failed')).toEqual([]);
  expect(exitCode).toBe(2);
});

test('a server and a name of the user’s own: right is green, another address than expected is red', async () => {
  const address = pods[0]?.addresses.v4 ?? pods[0]?.addresses.v6 ?? '';
  const asking = (expected: string) => ({
    NETACCEPT_DNS_SERVERS: address.includes(':') ? `[${address}]:53` : address,
    NETACCEPT_DNS_NAMES: `[{name: kube-dns.kube-system.svc.cluster.local, expect: ['${expected}']}]`,
  });
  const vip = (await readRecording(healthy.dir)).header.topology?.services.find(({ role }) => role === 'dns')
    ?.clusterIPs.v4;
  const right = await check(DNS, { env: asking(vip ?? '') });
  expect(right.exitCode).toBe(0);
  expect(idsWhere(right.result, ({ about }) => about?.server?.startsWith('server ') === true)).toHaveLength(
    2 * 2 * cluster.nodes.length,
  );
  const wrong = await check(DNS, { env: asking('192.0.2.66') });
  expectExactlyRed(wrong, ({ about }) => about?.server?.startsWith('server ') === true);
});

test('mended, everything is green again', async () => {
  const { result, exitCode } = await check(DNS);
  expect(idsWith(result, 'failed')).toEqual([]);
  expect(exitCode).toBe(0);
});
