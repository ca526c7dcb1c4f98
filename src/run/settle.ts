import { applyAgents } from '../kube/apply.ts';
import type { KubeClient } from '../kube/connect.ts';
import { discoverNodes } from '../kube/discover.ts';
import { acquireLock } from '../kube/lock.ts';
import { removeAgents } from '../kube/remove.ts';
import { waitForAgents } from '../kube/wait.ts';
import { clearPolicies } from './policy-rounds.ts';
import type { Session } from './session.ts';

/** Finds the Nodes, takes the lock, and brings the agents up. */
export async function settle({ settings, run, signal, tell, undo }: Session, client: KubeClient) {
  const { nodes, excluded } = await discoverNodes(client, settings, signal);
  const lock = await acquireLock(client, settings, {
    holder: run,
    waitMs: settings.run.lockWaitMs,
    signal,
    onWait: (message) => tell({ phase: 'waiting', message }),
  });
  undo.push(() => lock.release().then(() => []));
  // Undone before the lock is: no other run may start among pods that are on their way out.
  const namespaces = [settings.namespace, settings.hostNamespace];
  if (!settings.run.keep) undo.push(() => removeAgents(client, namespaces, { lock }));
  const stop = AbortSignal.any([signal, lock.lost]);

  await clearPolicies(client, settings, stop);
  const { spec } = await applyAgents(client, settings, stop);
  const agents = await waitForAgents(client, settings, nodes, spec, {
    signal: stop,
    onProgress: (ready, wanted) => tell({ phase: 'agents', ready, wanted }),
  });
  return { nodes, excluded, agents, spec, lock, stop };
}
