import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { freshness } from '../../../src/checks/freshness.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { ClusterNode, JournalEntry, Settings, Topology } from '../../../src/model.ts';
import { joinedMeanwhile } from '../../../src/run/topology.ts';
import { benchFor } from '../../../src/verdict/judge-recording.ts';

interface Scene {
  before?: (topology: Topology) => void;
  /** Null: nobody could look again. */
  after?: ((nodes: ClusterNode[]) => ClusterNode[]) | null;
  settings?: (draft: Settings) => void;
}

function judged({ before = () => {}, after = (nodes) => nodes, settings: change }: Scene) {
  const topology = dualStack(3);
  before(topology);
  const set = settings(change);
  const cases = expandMatrix([freshness], topology, set);
  const nodes = after?.(structuredClone(topology.nodes));
  const journal: JournalEntry[] = nodes === undefined ? [] : [{ type: 'nodes-after', nodes }];
  const bench = benchFor({ journal, cases }, topology, set, [freshness]);
  return cases
    .map((entry) => bench.judge(entry))
    .map(({ verdict, reason, sentence }) => ({ verdict, reason, sentence }));
}

const second = (change: (node: ClusterNode) => void) => (nodes: ClusterNode[]) => {
  for (const node of nodes) if (node.name === 'node-2') change(node);
  return nodes;
};
const agentGone = (pod: string) => (topology: Topology) => {
  topology.agents = topology.agents.filter((agent) => agent.pod !== pod);
};

test('one case per Node, green if it was Ready and covered all the time', () => {
  const passed = {
    verdict: 'passed',
    reason: 'proof',
    sentence: 'Ready before and after the run, every agent in place',
  };
  expect(judged({})).toEqual([passed, passed, passed]);
  expect(expandMatrix([freshness], dualStack(1), settings()).map(({ id }) => id)).toEqual([
    'on-node/freshness node-1 → Ready and covered',
  ]);
});

const rows: [name: string, scene: Scene, verdict: string, sentence: string][] = [
  [
    'NotReady before',
    {
      before: ({ nodes }) =>
        second((node) => Object.assign(node, { ready: false, notReady: 'KubeletNotReady: no CNI' }))(nodes),
    },
    'failed',
    'Node node-2 was NotReady when the run began (KubeletNotReady: no CNI)',
  ],
  [
    'NotReady after',
    {
      after: second((node) =>
        Object.assign(node, { ready: false, notReady: 'NodeStatusUnknown: kubelet stopped posting' }),
      ),
    },
    'failed',
    'Node node-2 was NotReady when the run ended (NodeStatusUnknown: kubelet stopped posting)',
  ],
  [
    'deleted',
    { after: (nodes) => nodes.filter(({ name }) => name !== 'node-2') },
    'errored',
    'the Node was deleted during the run',
  ],
  [
    'replaced',
    { after: second((node) => Object.assign(node, { uid: 'another' })) },
    'errored',
    'the Node was deleted and registered anew during the run',
  ],
  [
    'without a pod-network agent',
    { before: agentGone('pod-prober-2') },
    'errored',
    'no ready pod-network agent on node-2: no such pod',
  ],
  [
    'without a second pod',
    { before: agentGone('pod-peer-2') },
    'errored',
    'no ready second pod on node-2: no such pod',
  ],
  [
    'with a host-network agent that does not start',
    {
      before: ({ agents }) => {
        for (const agent of agents)
          if (agent.pod === 'host-prober-2')
            Object.assign(agent, { ready: false, problem: 'ImagePullBackOff: no such image' });
      },
    },
    'errored',
    'no ready host-network agent on node-2: ImagePullBackOff: no such image',
  ],
];

describe('a Node that was not', () => {
  test.each(rows)('%s', (_name, scene, verdict, sentence) => {
    const verdicts = judged(scene);
    expect(verdicts.map((each) => each.verdict)).toEqual(['passed', verdict, 'passed']);
    expect(verdicts[1]?.sentence).toBe(sentence);
  });
});

test('when nobody could look again, nobody knows', () => {
  expect(judged({ after: null }).map(({ verdict }) => verdict)).toEqual(['errored', 'errored', 'errored']);
});

test('cordoned and tainted is told, and no fault', () => {
  const change = second((node) => Object.assign(node, { schedulable: false, taints: ['a=b:NoSchedule'] }));
  const [, told] = judged({ before: ({ nodes }) => change(nodes) });
  expect(told).toMatchObject({
    verdict: 'passed',
    sentence:
      'Ready before and after the run, every agent in place; the Node is cordoned; the Node is tainted: a=b:NoSchedule',
  });
});

test('agents that the settings leave out are not missed', () => {
  const before = (topology: Topology) => {
    topology.agents = topology.agents.filter(({ pod }) => pod.startsWith('pod-prober'));
  };
  const off = (draft: Settings) => Object.assign(draft.agents, { peer: false, hostNetwork: false });
  expect(judged({ before, settings: off }).map(({ verdict }) => verdict)).toEqual([
    'passed',
    'passed',
    'passed',
  ]);
});

test('a Node that joined meanwhile is a problem; one that a rule left out is none', () => {
  const before = { ...dualStack(2), excluded: [{ node: 'win-1', rule: 'r' }] };
  const after = [{ name: 'node-1' }, { name: 'node-2' }, { name: 'win-1' }, { name: 'node-3' }];
  expect(joinedMeanwhile(before, after)).toEqual([
    {
      code: 'node-joined',
      message: 'Node node-3 joined during the run: not tested',
      hint: 'run again: then it is part of the matrix',
    },
  ]);
});
