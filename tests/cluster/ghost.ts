// A Node that only the API knows: Ready, and without room for a pod. To a run it is as good as a real one, and it can
// come and go without costing the cluster its agents.
import { kubectl } from './users.ts';

export const GHOST = 'ghost';
const MANIFEST = new URL('../../fixtures/faults/ghost.json', import.meta.url).pathname;

export async function createGhost(): Promise<void> {
  await kubectl('create', '-f', MANIFEST);
}

export async function removeGhost(): Promise<void> {
  await kubectl('delete', 'node', GHOST, '--ignore-not-found');
}
