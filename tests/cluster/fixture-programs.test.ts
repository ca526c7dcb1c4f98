import { expect, test } from 'vitest';
import { dnsPods } from '../../fixtures/faults/dns-pods.ts';
import { withFault } from '../../fixtures/faults/inject.ts';
import { withoutProxy } from '../../fixtures/faults/programs.ts';
import { testCluster } from './cluster.ts';
import { kubectl } from './users.ts';

test('without kube-proxy, a Node reaches pods and no Service; brought back, both at once', async () => {
  const cluster = await testCluster();
  const [first = '', last = ''] = [cluster.nodes[0]?.name, cluster.nodes.at(-1)?.name];
  const service = await kubectl(
    '-n',
    'kube-system',
    'get',
    'service',
    'kube-dns',
    '-o',
    'jsonpath={.spec.clusterIP}',
  );
  const [pod] = await dnsPods(cluster);
  const answers = async (node: string, server = '') => {
    const question = [`@${server}`, 'kubernetes.default.svc.cluster.local', 'A'];
    const { exitCode } = await cluster.exec(node, ['dig', '+time=3', '+tries=1', ...question]);
    return exitCode === 0;
  };
  await withFault(cluster, withoutProxy(last), async () => {
    expect(await answers(last, service)).toBe(false);
    expect(await answers(last, pod?.addresses.v4 ?? pod?.addresses.v6)).toBe(true);
    expect(await answers(first, service)).toBe(true);
  });
  expect(await answers(last, service)).toBe(true);
});
