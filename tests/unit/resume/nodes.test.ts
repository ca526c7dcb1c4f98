import { expect, test } from 'vitest';
import { dualStack } from '../../../fixtures/topologies/dual-stack.ts';
import { SetupError } from '../../../src/errors.ts';
import { mustFit, nodeChange, uncovered } from '../../../src/resume/nodes.ts';

const then = dualStack(3);
const [one, two, three] = then.nodes;
if (one === undefined || two === undefined || three === undefined) throw new Error('three Nodes');
const four = { ...three, name: 'node-4', uid: 'uid-node-4' };
const cluster = (...nodes: (typeof one)[]) => ({ nodes, excluded: [] });

test('the same Nodes fit, whatever their addresses and conditions', () => {
  const change = nodeChange(then, cluster(three, { ...two, ready: false, addresses: {} }, one));
  expect(change).toEqual({ gone: [], joined: [], replaced: [] });
  mustFit(change);
  expect(uncovered(change)).toEqual([]);
});

test('every Node that is gone, new or another one is named at once', () => {
  const change = nodeChange(then, cluster(one, { ...two, uid: 'other' }, four));
  expect(change).toEqual({ gone: ['node-3'], joined: ['node-4'], replaced: ['node-2'] });
  let thrown: unknown;
  try {
    mustFit(change);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SetupError);
  const { problems } = thrown as SetupError;
  expect(problems.map(({ message }) => message)).toEqual([
    'Node node-3 of the recorded run is gone',
    'Node node-4 is new: the recorded run knows nothing of it',
    'Node node-2 is another one than in the recorded run: it was registered anew',
  ]);
  expect(problems.map(({ hint }) => hint?.includes('--force') ?? false)).toEqual([false, false, true]);
  expect(uncovered(change).map(({ message }) => message)).toEqual([
    'Node node-4 is new since the run began: not tested',
  ]);
});

test('a Node that the recorded settings left out is not new', () => {
  const before = { nodes: [one], excluded: [{ node: 'node-4', rule: 'nodes.exclude' }] };
  expect(nodeChange(before, cluster(one, four)).joined).toEqual([]);
});
