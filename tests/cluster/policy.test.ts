// What must be blocked, on a cluster that really enforces NetworkPolicies: proven, and each way to be wrong told.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { V1NetworkPolicySpec } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { poll } from '../../fixtures/clusters/poll.ts';
import { dropRule, withFault } from '../../fixtures/faults/inject.ts';
import { withoutPolicies } from '../../fixtures/faults/programs.ts';
import { applyObjects } from '../../fixtures/workloads/objects.ts';
import { type UserApp, userApp } from '../../fixtures/workloads/user-app.ts';
import type { Case } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { addressesIn, type Checked, check, idsWith, netaccept } from './netaccept.ts';
import { idsWhere } from './predict.ts';
import { kubectl, leftovers } from './users.ts';

const NAMESPACE = 'policy-user';
const POLICY = 'netaccept-deny-peers';

let cluster: Cluster;
let app: UserApp;
/** The app runs on the last two. */
let nodes: [string, string, string, string];
let three: string;
let four: string;

beforeAll(async () => {
  cluster = await testCluster();
  nodes = await fourNodes(cluster);
  [, , three, four] = nodes;
  app = await userApp(cluster, { namespace: NAMESPACE, nodes: [three, four] });
  await denyAll();
});

afterEach(async () => {
  await kubectl('delete', 'networkpolicy', 'allow', '-n', NAMESPACE, '--ignore-not-found');
});

afterAll(async () => {
  await app.remove();
  await netaccept(['clean']);
});

/** Every kind of target that a user can list. */
function listed() {
  const pod = app.pods.find(({ node }) => node === four)?.addresses.v4 ?? '';
  return [
    { name: 'web', target: `${NAMESPACE}/web:80` },
    { name: 'echo', target: `${NAMESPACE}/web:9000`, protocol: 'udp' },
    { name: 'headless', target: `${NAMESPACE}/headless:80` },
    { name: 'pod', target: `${pod}:8080`, answersOn: four },
  ];
}

async function run(policy: object, more: Parameters<typeof check>[1] = {}): Promise<Checked> {
  const config = join(await mkdtemp(join(tmpdir(), 'netaccept-policy-')), 'netaccept.yaml');
  await writeFile(config, stringify({ policy: { settle: '3s', ...policy } }));
  return check(['--keep', '--only', 'policy', '--config', config], more);
}

const isOwn = ({ about }: Case) => about?.target === undefined;
const isPhase = ({ about }: Case, ...phases: string[]) => phases.includes(about?.phase ?? '');

async function expectGreen(): Promise<void> {
  const { result, exitCode } = await run({ own: true, blocked: listed() });
  expect([idsWith(result, 'failed'), idsWith(result, 'errored'), exitCode]).toEqual([[], [], 0]);
}

test('all that must be blocked is, every control is answered, and no NetworkPolicy of ours is left', async () => {
  const { result, exitCode } = await run({ own: true, blocked: listed() });
  expect([idsWith(result, 'failed'), idsWith(result, 'errored')]).toEqual([[], []]);
  expect(exitCode).toBe(0);
  // Own: 16 pairs × 2 families × 2 protocols × 3. Services: 2 families × (4 blocked + 2 controls, twice). The pod: 4 + 2.
  expect(idsWith(result, 'passed')).toHaveLength(192 + 3 * 2 * 8 + 6);
  expect(result.verdicts.filter(({ flaky }) => flaky)).toEqual([]);
  expect(await policies()).toEqual([]);
});

test('no policies enforced on one Node: whatever runs there is open, to everybody', async () => {
  const { result, exitCode } = await withFault(cluster, withoutPolicies(three), () =>
    run({ own: true, blocked: listed() }),
  );
  const isRed = (entry: Case) =>
    isOwn(entry)
      ? isPhase(entry, 'enforced') && entry.target.node === three
      : // Each of the Services has one of its two endpoints there; the pod is elsewhere.
        isPhase(entry, 'blocked') && entry.about?.target !== 'pod';
  expect(idsWith(result, 'failed')).toEqual(idsWhere(result, isRed));
  expect(idsWith(result, 'errored')).toEqual([]);
  expect(
    new Set(result.verdicts.filter(({ verdict }) => verdict === 'failed').map(({ reason }) => reason)),
  ).toEqual(new Set(['not-blocked']));
  expect(exitCode).toBe(1);
  await expectGreen();
});

test('a rule that stays on one Node when its policy is gone: its pods do not come back, and nobody can say what blocked them', async () => {
  const { dir } = await run({ own: true });
  const { v4 = '', v6 = '' } = (await addressesIn(dir)).get(`pod peer ${three}`) ?? {};
  const rules = [
    dropRule(three, `FORWARD -d ${v4} -j DROP`, ['iptables']),
    dropRule(three, `FORWARD -d ${v6} -j DROP`, ['ip6tables']),
  ] as const;
  const stays = {
    node: three,
    inject: rules.flatMap(({ inject }) => inject),
    undo: rules.flatMap(({ undo }) => undo),
  };
  const { promise: judged, resolve: release } = Promise.withResolvers<void>();
  let staying: Promise<void> | undefined;
  const onStart = () => {
    // While the policy is there the rule changes nothing.
    staying = policyIsThere().then(() => withFault(cluster, stays, () => judged));
  };
  const { result, exitCode } = await run({ own: true }, { onStart }).finally(release);
  await staying;
  const isThree = (entry: Case, phase: string) => isPhase(entry, phase) && entry.target.node === three;
  expect(idsWith(result, 'failed')).toEqual(idsWhere(result, (entry) => isThree(entry, 'lifted')));
  expect(idsWith(result, 'errored')).toEqual(idsWhere(result, (entry) => isThree(entry, 'enforced')));
  expect(exitCode).toBe(1);
  await expectGreen();
});

test('a target that answers though it is listed: its cases, on every way to it, and no other target’s', async () => {
  await applyObjects(cluster, NAMESPACE, [
    policyOf('allow', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 8080 }] }] }),
  ]);
  const { result, exitCode } = await run({ blocked: listed() });
  const isRed = (entry: Case) => isPhase(entry, 'blocked') && entry.about?.target !== 'echo';
  expect(idsWith(result, 'failed')).toEqual(idsWhere(result, isRed));
  expect(idsWith(result, 'errored')).toEqual([]);
  expect(exitCode).toBe(1);
});

test('dead targets are errored, never passed: nothing listens, no endpoint, no Service', async () => {
  const selector = (app: string) => ({ ipFamilyPolicy: 'PreferDualStack', selector: { app } });
  const service = (name: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: NAMESPACE },
    spec: { ports: [{ port: 81 }], ...spec },
  });
  await applyObjects(cluster, NAMESPACE, [
    service('shut', selector('web')),
    service('empty', selector('nobody')),
  ]);
  const blocked = [
    { name: 'shut', target: `${NAMESPACE}/shut:81` },
    { name: 'empty', target: `${NAMESPACE}/empty:81` },
    { name: 'absent', target: `${NAMESPACE}/absent:81` },
    { name: 'web', target: `${NAMESPACE}/web:80` },
  ];
  const { result, exitCode } = await run({ blocked });
  expect(idsWith(result, 'errored')).toEqual(idsWhere(result, ({ about }) => about?.target !== 'web'));
  expect(idsWith(result, 'passed')).toEqual(idsWhere(result, ({ about }) => about?.target === 'web'));
  const reasons = result.verdicts.filter(({ verdict }) => verdict === 'errored').map(({ reason }) => reason);
  expect(new Set(reasons)).toEqual(new Set(['no-witness']));
  expect(exitCode).toBe(2);
});

test('SIGINT while our policy is in place leaves none behind', async () => {
  let seen: Promise<void> | undefined;
  const onStart = (kill: (signal: NodeJS.Signals) => void) => {
    seen = policyIsThere().then(() => kill('SIGINT'));
  };
  const { result, exitCode } = await run({ own: true }, { onStart });
  await seen;
  expect(await policies()).toEqual([]);
  expect(exitCode).toBe(2);
  expect(result.problems.map(({ message }) => message)).toEqual(['interrupted by SIGINT']);
  expect(idsWith(result, 'failed')).toEqual([]);
  // The agents were to be kept, and are.
  expect(await leftovers()).not.toEqual([]);
});

test('after a SIGKILL while our policy is in place, the next run removes it, though it makes none itself', async () => {
  let seen: Promise<void> | undefined;
  const onStart = (kill: (signal: NodeJS.Signals) => void) => {
    seen = policyIsThere().then(() => kill('SIGKILL'));
  };
  // Killed, it prints no result.
  await expect(run({ own: true }, { onStart })).rejects.toThrow();
  await seen;
  expect(await policies()).toEqual([POLICY]);
  const { result, exitCode } = await check(['--keep', '--only', 'tcp,pod-to-pod']);
  expect([idsWith(result, 'failed'), exitCode]).toEqual([[], 0]);
  expect(await policies()).toEqual([]);
});

async function denyAll(): Promise<void> {
  await applyObjects(cluster, NAMESPACE, [policyOf('deny', { podSelector: {}, policyTypes: ['Ingress'] })]);
}

function policyOf(name: string, spec: V1NetworkPolicySpec) {
  const metadata = { name, namespace: NAMESPACE };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}

/** Those of ours. */
async function policies(): Promise<string[]> {
  const names = await kubectl(
    ...['get', 'networkpolicies', '-A', '-l', 'app.kubernetes.io/managed-by=netaccept'],
    ...['-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'],
  );
  return names.split('\n').filter((name) => name !== '');
}

async function policyIsThere(): Promise<void> {
  await poll({ what: `NetworkPolicy ${POLICY} is there`, seconds: 120, everyMs: 50 }, async () =>
    (await policies()).includes(POLICY) ? true : undefined,
  );
}
