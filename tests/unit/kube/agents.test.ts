import type { V1ContainerState, V1Pod, V1PodStatus } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { currentAgents } from '../../../src/kube/agents.ts';

const READY: V1PodStatus = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  podIPs: [{ ip: '10.244.0.5' }, { ip: 'fd00:10::5' }],
};

function pod(
  name: string,
  status: V1PodStatus,
  change: { deleted?: boolean; component?: string; node?: string } = {},
): V1Pod {
  return {
    metadata: {
      name,
      namespace: 'netaccept',
      uid: `uid-${name}`,
      labels: { 'app.kubernetes.io/component': change.component ?? 'pod-agent' },
      ...(change.deleted ? { deletionTimestamp: new Date(0) } : {}),
    },
    spec: { containers: [], nodeName: change.node ?? 'n1' },
    status,
  };
}

function notReady(state: V1ContainerState, lastState: V1ContainerState = {}, restartCount = 0): V1PodStatus {
  const container = { name: 'agent', image: '', imageID: '', ready: false, restartCount, state, lastState };
  return {
    phase: 'Pending',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [container],
  };
}

describe('an agent', () => {
  test('is read from its pod', () => {
    expect(currentAgents([pod('a', READY)])).toEqual([
      {
        node: 'n1',
        network: 'pod',
        role: 'prober',
        namespace: 'netaccept',
        pod: 'a',
        uid: 'uid-a',
        addresses: { v4: '10.244.0.5', v6: 'fd00:10::5' },
        ready: true,
        restarts: 0,
      },
    ]);
  });

  test('while it is replaced is the one that stays', () => {
    const old = pod('old', READY, { deleted: true });
    const starting = pod('new', { phase: 'Pending' });
    expect(currentAgents([old, starting]).map((agent) => agent.pod)).toEqual(['new']);
    expect(currentAgents([starting, old]).map((agent) => agent.pod)).toEqual(['new']);
  });

  test('that is not scheduled yet has the Node that the DaemonSet means it for', () => {
    const waiting = pod('a', {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no free ports' },
      ],
    });
    const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['n7'] }];
    waiting.spec = {
      containers: [],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
        },
      },
    };
    expect(currentAgents([waiting])).toMatchObject([
      { node: 'n7', ready: false, problem: 'Unschedulable: no free ports' },
    ]);
  });

  test('of each kind has its place', () => {
    const pods = ['pod-agent', 'peer-agent', 'host-agent', 'something-else'].map((component) =>
      pod(component, READY, { component }),
    );
    expect(currentAgents(pods).map(({ network, role }) => `${network} ${role}`)).toEqual([
      'host prober',
      'pod peer',
      'pod prober',
    ]);
  });
});

describe('why an agent is not ready', () => {
  test.each<[string, V1PodStatus, string]>([
    [
      'image',
      notReady({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } }),
      'ImagePullBackOff: Back-off pulling image "x"',
    ],
    [
      'crash',
      notReady(
        { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
        { terminated: { exitCode: 137, reason: 'OOMKilled' } },
        3,
      ),
      'CrashLoopBackOff: back-off 10s; last ended with OOMKilled (137)',
    ],
    [
      'end',
      notReady({ terminated: { exitCode: 1, reason: 'Error' } }, {}, 2),
      'Error: exit code 1, after 2 restarts',
    ],
    [
      'secret',
      notReady({
        waiting: { reason: 'CreateContainerConfigError', message: 'secret "netaccept-token" not found' },
      }),
      'CreateContainerConfigError: secret "netaccept-token" not found',
    ],
    [
      'sandbox',
      {
        ...notReady({ waiting: { reason: 'ContainerCreating' } }),
        conditions: [{ type: 'PodReadyToStartContainers', status: 'False' }],
      },
      'NotReady: the pod has no network sandbox yet',
    ],
    [
      'probe',
      {
        phase: 'Running',
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'ContainersNotReady',
            message: 'containers with unready status: [agent]',
          },
        ],
      },
      'NotReady: containers with unready status: [agent]',
    ],
    ['evicted', { phase: 'Failed', reason: 'Evicted', message: 'low on memory' }, 'Evicted: low on memory'],
    ['nothing yet', {}, 'NotReady: the pod is not started'],
  ])('%s', (_name, status, problem) => {
    expect(currentAgents([pod('a', status)])).toMatchObject([{ ready: false, problem }]);
  });

  test('it is being deleted, whatever its status says', () => {
    expect(currentAgents([pod('a', READY, { deleted: true })])).toMatchObject([
      { ready: false, terminating: true, problem: 'Terminating: the pod is being deleted' },
    ]);
  });
});
