import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { connect } from '../../../src/kube/connect.ts';
import { waitForAgents } from '../../../src/kube/wait.ts';
import type { ClusterNode } from '../../../src/model.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';
import { someSettings } from './some-settings.ts';

const SPEC = { 'pod-agent': 'h' };
const BOTH = { 'pod-agent': 'h', 'host-agent': 'h' };
const NODES: ClusterNode[] = ['n1', 'n2'].map((name) => ({
  name,
  addresses: {},
  podFamilies: [],
  podCidrs: [],
  annotations: {},
  uid: '',
  ready: true,
  schedulable: true,
  taints: [],
}));

function pod(node: string, ready = 'True') {
  return {
    metadata: {
      name: node,
      namespace: 'netaccept',
      uid: node,
      labels: { 'app.kubernetes.io/component': 'pod-agent' },
    },
    spec: { nodeName: node },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  };
}

async function waited(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  {
    spec = SPEC,
    nodes = NODES,
    readyTimeoutMs = 60_000,
  }: { spec?: Partial<typeof BOTH>; nodes?: ClusterNode[]; readyTimeoutMs?: number } = {},
) {
  const told: [number, number][] = [];
  const { kubeconfig, requests } = await fakeApiServer({ onRequest });
  const client = await connect({ kubeconfig });
  const agents = await waitForAgents(client, someSettings({ agents: { readyTimeoutMs } }), nodes, spec, {
    onProgress: (ready, wanted) => told.push([ready, wanted]),
  });
  const asked = requests.slice(1).map((request) => (request.includes('watch=true') ? 'watch' : 'list'));
  return { agents, ready: agents.map((agent) => agent.ready), told, asked };
}

test('agents that come up while they are watched cost one request, and are told of as they come', async () => {
  const { ready, told, asked } = await waited((_request, response) => {
    const tell = (node: string) =>
      response.write(`${JSON.stringify({ type: 'ADDED', object: pod(node) })}\n`);
    tell('n1');
    setTimeout(() => tell('n2'), 300);
  });
  expect({ ready, asked }).toEqual({ ready: [true, true], asked: ['watch'] });
  expect([told[0], told.at(-1)]).toEqual([
    [0, 2],
    [2, 2],
  ]);
});

test('a silent watch is not what the report is made from: at the end the agents are asked for once more', async () => {
  const { ready, told, asked } = await waited(
    (request, response) => {
      if (request.url?.includes('watch=true')) response.flushHeaders();
      else sendJson(response, 200, { items: [pod('n1'), pod('n2')] });
    },
    { readyTimeoutMs: 700 },
  );
  expect({ ready, asked }).toEqual({ ready: [true, true], asked: ['watch', 'list'] });
  expect(told).toEqual([
    [0, 2],
    [2, 2],
  ]);
});

test('agents that nobody waits for, because their Nodes are not ready, are looked at all the same', async () => {
  const nodes = NODES.map((node) => ({ ...node, ready: false }));
  const { agents, asked } = await waited(
    (_request, response) => sendJson(response, 200, { items: [pod('n1', 'False')] }),
    { nodes },
  );
  expect(asked[0]).toBe('list');
  expect(agents[0]).toMatchObject({ node: 'n1', uid: 'n1', ready: false });
});

test('a Namespace that may not be looked at ends the wait in the other one too', async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const waiting = waited(
    (request, response) => {
      if (request.url?.includes('netaccept-host'))
        sendJson(response, 403, { kind: 'Status', message: 'not you' });
      else closed = once(request.socket, 'close');
    },
    { spec: BOTH },
  );
  await expect(waiting).rejects.toThrow("listing the agents' pods in namespace netaccept-host: not you");
  await closed;
});
