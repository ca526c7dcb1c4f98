// A Node whose programs stand still: its kubelet confirms nothing any more, neither starts nor ends.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyAgents } from '../../src/kube/apply.ts';
import { discoverNodes } from '../../src/kube/discover.ts';
import { removeAgents } from '../../src/kube/remove.ts';
import { waitForAgents } from '../../src/kube/wait.ts';
import { testCluster } from './cluster.ts';
import { kubeClient, kubeSettings, NAMESPACES, removeNamespaces } from './kube-settings.ts';
import { kubectl } from './users.ts';

const cluster = await testCluster();
const dead = cluster.nodes.findLast(({ controlPlane }) => !controlPlane)?.name ?? '';

beforeEach(removeNamespaces);
afterEach(async () => {
  await cluster.unpause(dead);
  await kubectl('wait', '--for=condition=Ready', `node/${dead}`, '--timeout=300s');
  await removeNamespaces();
});

test('a dead Node neither holds up the clean-up nor, once it is known, the set-up', async () => {
  const client = await kubeClient();
  const settings = kubeSettings({ agents: { peer: false, readyTimeoutMs: 300_000 } });
  const { nodes } = await discoverNodes(client, settings);
  const { spec } = await applyAgents(client, settings);
  const agents = await waitForAgents(client, settings, nodes, spec);
  expect(agents.filter(({ ready }) => !ready)).toEqual([]);

  await cluster.pause(dead);
  const told: string[] = [];
  const removed = await removeAgents(client, NAMESPACES, {
    waitMs: 300_000,
    onWait: (message) => told.push(message),
  });
  expect(removed).toEqual(NAMESPACES.map((name) => `Namespace ${name}`));
  expect(told.filter((message) => message.includes(`its Node ${dead} is not ready`)).length).toBeGreaterThan(
    0,
  );
  expect(told.filter((message) => !message.includes(dead))).toEqual([]);

  const known = await discoverNodes(client, settings);
  expect(known.nodes.find(({ name }) => name === dead)?.ready).toBe(false);
  const { spec: again } = await applyAgents(client, settings);
  // Waiting for the dead one too would take longer than any test may.
  const patient = { ...settings, agents: { ...settings.agents, readyTimeoutMs: 86_400_000 } };
  const few = await waitForAgents(client, patient, known.nodes, again);
  expect(few).toHaveLength(2 * nodes.length);
  for (const { node, ready, problem } of few) {
    if (node === dead)
      expect({ ready, problem }).toEqual({ ready: false, problem: expect.stringMatching(/^NodeNotReady: /) });
    else expect({ ready, problem }).toEqual({ ready: true, problem: undefined });
  }
  await removeAgents(client, NAMESPACES, { waitMs: 300_000 });
});
