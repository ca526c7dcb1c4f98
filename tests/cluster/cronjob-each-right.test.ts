// Each single right of the manifests is needed: whoever lacks it is told so by its name, in a run that is not green or,
// where netaccept can do without, before it begins.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver } from '../../src/deliver/deliver.ts';
import { rightsFor, rightText } from '../../src/kube/rights.ts';
import { parcelFor } from '../unit/deliver/parcel.ts';
import { someSettings } from '../unit/kube/some-settings.ts';
import { check, netaccept } from './netaccept.ts';
import { removeUsers, type SingleRight, singleRights, textOf, usersThatLackOne } from './rights.ts';
import { apply, kubeconfigOf, kubectl, labelled } from './users.ts';

const FILES = ['manifests/rbac/*.yaml', 'cronjob/base/rbac.yaml'];
const RIGHTS = singleRights(...FILES);
const byText = (rights: readonly SingleRight[]) =>
  rights.map((right) => ({ text: textOf(right), user: `lacks-${RIGHTS.indexOf(right)}` }));

const settings = someSettings({ policy: { own: true, settleMs: 0, blocked: [] } });
const EVERY = new Set(['services', 'dns', 'api-server', 'policy']);
const known = new Map(rightsFor(settings, EVERY, 'v1.35.0').map((right) => [rightText(right), right]));
const olderKnows = new Set(rightsFor(settings, EVERY, 'v1.34.0').map(rightText));

const delivery = RIGHTS.filter(({ role }) => role.metadata.name === 'netaccept-delivery');
const ofRuns = RIGHTS.filter((right) => !delivery.includes(right));
const needed = ofRuns.filter((right) => known.has(textOf(right)) && !known.get(textOf(right))?.without);
const ofUse = ofRuns.filter((right) => known.get(textOf(right))?.without !== undefined);
const rest = ofRuns.filter((right) => !known.has(textOf(right)));

beforeAll(async () => {
  await netaccept(['clean']);
  await kubectl('apply', '-k', 'manifests/namespaces');
  await kubectl('apply', '-k', 'manifests/rbac');
  await kubectl('apply', '-f', 'cronjob/base/rbac.yaml');
  await usersThatLackOne(RIGHTS, FILES);
});
afterAll(async () => {
  await removeUsers();
  await kubectl('delete', '-f', 'cronjob/base/rbac.yaml', '--ignore-not-found');
  await kubectl('delete', '-k', 'manifests/rbac', '--ignore-not-found');
  await kubectl('delete', '-k', 'manifests/namespaces', '--ignore-not-found');
});

test('there is no right that nobody speaks of', () => {
  expect(needed.length).toBeGreaterThan(40);
  // An exec as older API servers take it, and a lock in the second Namespace, which only `clean` looks for.
  expect(rest.filter((right) => !olderKnows.has(textOf(right))).map(textOf)).toEqual([
    'get leases.coordination.k8s.io in namespace netaccept-host',
  ]);
});

test.each(byText(needed))(
  'a run without $text: exit 3, just that is named, and nothing is made',
  async ({ text, user }) => {
    const env = { KUBECONFIG: await kubeconfigOf('default', user), NETACCEPT_POLICY_OWN: 'true' };
    const { exitCode, result } = await check([], { env });
    expect(result.problems.map(({ message }) => message)).toEqual([`not allowed: ${text}`]);
    expect(exitCode).toBe(3);
    expect(await labelled('daemonsets,services,secrets,serviceaccounts,leases')).toEqual([]);
  },
);

test.each(byText(ofUse))('a run without $text goes on, and says so', async ({ text, user }) => {
  const KUBECONFIG = await kubeconfigOf('default', user);
  const { exitCode, stderr } = await netaccept(['check', '--only', 'tcp,node-to-pod'], {
    env: { KUBECONFIG },
  });
  expect(stderr.split('\n').filter((line) => line.startsWith('not allowed:'))).toEqual([
    `not allowed: ${text}; without it ${known.get(text)?.without}`,
  ]);
  expect(exitCode).toBe(0);
});

test.each(byText(rest.filter((right) => !olderKnows.has(textOf(right)))))(
  'clean without $text: exit 3',
  async ({ user }) => {
    const KUBECONFIG = await kubeconfigOf('default', user);
    const { exitCode, stderr } = await netaccept(['clean'], { env: { KUBECONFIG } });
    expect(errorsIn(stderr).join()).toMatch(/leases.*is forbidden.*"netaccept-host"/);
    expect(exitCode).toBe(3);
  },
);

test.each(byText(delivery))(
  'a result without $text: what is not delivered says why',
  async ({ text, user }) => {
    const kubeconfig = await kubeconfigOf('default', user);
    const job = await idleJob(user);
    const parcel = await parcelFor({ event: true, configMaps: { keep: 1 } });
    const pod = { namespace: 'netaccept', job };
    // The second makes the first one too many.
    const delivered = [];
    for (const run of ['first', 'second']) {
      const result = { ...parcel.result, run: `${run}-${user}` };
      delivered.push(...(await deliver({ ...parcel, result, pod }, { kubeconfig })));
    }
    const [, verb, resource] = /^(\w+) (\w+)/.exec(text) ?? [];
    const to = resource === 'configmaps' ? 'configMaps' : 'event';
    const trouble = delivered.filter((one) => one.trouble !== undefined);
    expect(trouble.length).toBeGreaterThan(0);
    for (const one of trouble) {
      expect(one.to).toBe(to);
      expect(one.trouble).toMatch(new RegExp(`cannot ${verb} resource "${resource}"`));
    }
  },
);

function errorsIn(stderr: string): string[] {
  return [...stderr.matchAll(/^error: (.*)$/gm)].map(([, message = '']) => message);
}

async function idleJob(name: string): Promise<{ name: string; uid: string }> {
  const spec = {
    suspend: true,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'x' }] } },
  };
  await apply(
    JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: 'netaccept' }, spec }),
  );
  const uid = await kubectl('-n', 'netaccept', 'get', 'job', name, '-o', 'jsonpath={.metadata.uid}');
  return { name, uid };
}
