import { expect, test } from 'vitest';
import { differenceLines, differenceOf, isEmpty } from '../../../fixtures/snapshots/difference.ts';
import { type ListedObject, steadyFacts } from '../../../fixtures/snapshots/steady.ts';

const node: ListedObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', uid: 'a', resourceVersion: '7', managedFields: [{ manager: 'kubelet' }] },
  spec: { podCIDRs: ['10.244.1.0/24'] },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', lastHeartbeatTime: '12:00', lastTransitionTime: '11:00' },
      { type: 'DiskPressure', status: 'False' },
    ],
  },
};
const lease: ListedObject = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'netaccept', namespace: 'somebodys', uid: 'b' },
  spec: { holderIdentity: 'run-1', renewTime: '12:00' },
};

/** `{ spec: { x: 1 } }` laid over an object; lists by index. */
function changed(object: ListedObject, change: object): ListedObject {
  return merged(object, change) as ListedObject;
}

function merged(was: unknown, change: unknown): unknown {
  if (typeof was !== 'object' || was === null || typeof change !== 'object' || change === null) return change;
  const laid = Object.entries(change).map(([key, value]) => [
    key,
    merged((was as Record<string, unknown>)[key], value),
  ]);
  const whole = { ...was, ...Object.fromEntries(laid) };
  return Array.isArray(was) ? Object.values(whole) : whole;
}

function between(before: ListedObject[], after: ListedObject[]): string[] {
  return differenceLines(differenceOf(steadyFacts(before), steadyFacts(after)));
}

test.each([
  ['a heartbeat', node, { status: { conditions: { 0: { lastHeartbeatTime: '12:05' } } } }],
  ['a write that changed nothing', node, { metadata: { resourceVersion: '8', managedFields: [] } }],
  [
    'a condition that went and came back',
    node,
    { status: { conditions: { 0: { lastTransitionTime: '12:05' } } } },
  ],
  ['an image that the kubelet tells of', node, { status: { images: [{ names: ['agent'] }] } }],
  ['the renewal of a Lease', lease, { spec: { renewTime: '12:05' } }],
])('%s is no change', (_, object, change) => {
  expect(between([object], [changed(object, change)])).toEqual([]);
});

test.each([
  ['another object of that name', node, { metadata: { uid: 'c' } }, '~ Node node-1: metadata.uid: "a" → "c"'],
  [
    'a Node that is not ready any more',
    node,
    { status: { conditions: { 0: { status: 'False' } } } },
    '~ Node node-1: status.conditions.0.status: "True" → "False"',
  ],
  [
    'another holder',
    lease,
    { spec: { holderIdentity: 'run-2' } },
    '~ Lease.coordination.k8s.io somebodys/netaccept: spec.holderIdentity: "run-1" → "run-2"',
  ],
  [
    'a label more',
    node,
    { metadata: { labels: { 'netaccept.io/created': 'true' } } },
    '~ Node node-1: metadata.labels: nothing → {"netaccept.io/created":"true"}',
  ],
])('%s is told, with the place', (_, object, change, line) => {
  expect(between([object], [changed(object, change)])).toEqual([line]);
});

test('what came and what went is told by kind, group, Namespace and name; what was said in between is not', () => {
  const event: ListedObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'default' },
  };
  expect(between([node], [lease, event])).toEqual([
    '+ Lease.coordination.k8s.io somebodys/netaccept',
    '- Node node-1',
  ]);
});

test('facts that are there twice as often differ; the same facts do not', () => {
  const facts = new Map([['node-1 device: veth1', '1']]);
  expect(isEmpty(differenceOf(facts, new Map(facts)))).toBe(true);
  const twice = differenceOf(facts, new Map([['node-1 device: veth1', '2']]));
  expect(differenceLines(twice)).toEqual(['~ node-1 device: veth1: 1 → 2']);
});
