// The CronJob's rights: exactly those that its runs ask for, by the API server's own audit log.
import { afterAll, expect, test } from 'vitest';
import { auditedFor } from '../../fixtures/faults/audit.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { installNightly, removeNightly, terminationMessage, trigger } from './nightly.ts';
import { singleRights } from './rights.ts';
import { kubectl } from './users.ts';

const USER = 'system:serviceaccount:netaccept:netaccept-runner';
/** Rights that no run here has a reason to use, and what their reason is. */
const NOT_HERE = new Map([
  ['get /pods/exec', 'API servers before 1.35 take an exec for a GET'],
  ['delete /pods', 'pods that are stranded on a dead Node'],
  ['list /events', 'agents that cannot even be created: a quota, an admission plugin'],
]);

afterAll(removeNightly);

test('every right that cronjob/base grants is asked for, and nothing else is', async () => {
  const cluster = await testCluster();
  const [node] = await fourNodes(cluster);
  const args = '/spec/jobTemplate/spec/template/spec/containers/0/args';
  const only = ['tcp', 'services', 'dns', 'api-server', 'policy', 'freshness'];
  const config = { only, policy: { own: true }, run: { lockWait: '2m' } };
  // Only the newest stays, so that each run removes the one before.
  const deliver = { configMaps: { keep: 1 } };
  const asked = await auditedFor(cluster, { node, user: USER }, async () => {
    // A token that is in one of the two Namespaces only is read there and written to the other.
    await installNightly({ config: { ...config, only: ['tcp'], run: { keep: true } }, deliver });
    for (const namespace of ['netaccept-host', 'netaccept']) {
      await trigger(`keeps-${namespace}`);
      await kubectl('-n', namespace, 'delete', 'secret', 'netaccept-token');
    }
    await installNightly({ config, deliver });
    await trigger('whole');
    // Whatever it found: it ran to its end.
    expect(await terminationMessage('whole')).toMatch(/^(PASSED|FAILED|UNDECIDED) /);
    const clean = ['clean', '--config', '/etc/netaccept/netaccept.yaml'];
    await installNightly({ config, deliver, patches: [{ op: 'replace', path: args, value: clean }] });
    await trigger('clean');
  });
  const used = new Set(asked.map(({ right, namespace }) => `${namespace} ${right}`));
  // Namespace (none for the whole cluster) and right: `netaccept create /configmaps`.
  const granted = singleRights('manifests/rbac/*.yaml', 'cronjob/base/rbac.yaml').map(
    ({ right: { verb, group, resource, subresource, namespace = '' } }) =>
      `${namespace} ${verb} ${group}/${resource}${subresource === undefined ? '' : `/${subresource}`}`,
  );
  const idle = granted.filter((one) => !used.has(one));
  expect(idle.filter((one) => !NOT_HERE.has(one.replace(/^\S* /, '')))).toEqual([]);

  // What is refused is only looked for: `clean` in all the cluster, and policies where no run makes one.
  const refused = new Set(asked.filter(({ code }) => code === 403).map(({ right }) => right));
  expect([...refused].sort()).toEqual([
    'deletecollection networking.k8s.io/networkpolicies',
    'list /namespaces',
    'list apps/daemonsets',
  ]);
});
