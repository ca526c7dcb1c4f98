import { expect, test } from 'vitest';
import { planCluster } from '../../../fixtures/clusters/local/plan.ts';
import { clusterStamp } from '../../../fixtures/clusters/local/stamp.ts';

const options = { name: 'demo', nodes: 2, ip: 'dual' } as const;
const plan = planCluster(options, 0);

test('a cluster keeps its stamp while nothing that it is made of changes', () => {
  expect(clusterStamp(planCluster(options, 0), 'node:1')).toBe(clusterStamp(plan, 'node:1'));
});

test.each([
  ['another image', clusterStamp(plan, 'node:2')],
  ['another pod network', clusterStamp({ ...plan, overlayMtu: 1400 }, 'node:1')],
  ['another Node', clusterStamp(planCluster({ ...options, nodes: 3 }, 0), 'node:1')],
])('%s is another stamp', (_what, stamp) => {
  expect(stamp).not.toBe(clusterStamp(plan, 'node:1'));
});
