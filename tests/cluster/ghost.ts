// A Node that only the API knows: Ready, and without room for a pod. To a run it is as good as a real one, and it can
// come and go without costing the cluster its agents.
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectl } from './users.ts';

export const GHOST = 'ghost';

export async function createGhost(): Promise<void> {
  const manifest = join(tmpdir(), `netaccept-ghost-${process.pid}.json`);
  const now = new Date().toISOString();
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const ghost = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: GHOST, labels: { 'kubernetes.io/os': 'linux' } },
    status: { conditions: [condition], addresses: [{ type: 'InternalIP', address: '192.0.2.77' }] },
  };
  await writeFile(manifest, JSON.stringify(ghost));
  await kubectl('create', '-f', manifest);
}

export async function removeGhost(): Promise<void> {
  await kubectl('delete', 'node', GHOST, '--ignore-not-found');
}
