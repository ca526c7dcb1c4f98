import { expect, test } from 'vitest';
import { dualStack } from '../../../fixtures/topologies/dual-stack.ts';
import { notesOn } from '../../../src/verdict/notes.ts';

test('a cordoned and a tainted Node are told, those that became so during the run as well', () => {
  const { nodes } = dualStack(3);
  const [one, two, three] = structuredClone(nodes);
  Object.assign(nodes[0] ?? {}, { schedulable: false, taints: ['a=b:NoSchedule'] });
  Object.assign(one ?? {}, { schedulable: false, taints: ['a=b:NoSchedule'] });
  Object.assign(two ?? {}, { schedulable: false });
  const after = [one, two, three].flatMap((node) => node ?? []);
  expect(notesOn(nodes, [{ type: 'nodes-after', nodes: after }])).toEqual([
    'Node node-1 is cordoned',
    'Node node-1 is tainted: a=b:NoSchedule',
    'Node node-2 is cordoned (since the run began)',
  ]);
  expect(notesOn(nodes, [])).toEqual(['Node node-1 is cordoned', 'Node node-1 is tainted: a=b:NoSchedule']);
});

test('several taints are listed, and only the last look at the Nodes counts', () => {
  const { nodes } = dualStack(1);
  const [one] = structuredClone(nodes);
  if (one === undefined) throw new Error('no Node');
  const after = {
    type: 'nodes-after' as const,
    nodes: [{ ...one, taints: ['a:NoSchedule', 'b:NoExecute'] }],
  };
  expect(notesOn(nodes, [after, { type: 'recorded' }])).toEqual([
    'Node node-1 is tainted: a:NoSchedule, b:NoExecute (since the run began)',
  ]);
});
