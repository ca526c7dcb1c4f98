import { applyAgents } from '../kube/apply.ts';
import type { KubeClient } from '../kube/connect.ts';
import { discoverNodes } from '../kube/discover.ts';
import { discoverServices } from '../kube/discover-services.ts';
import { acquireLock } from '../kube/lock.ts';
import { applyOwnServices, awaitEndpoints } from '../kube/own-services.ts';
import { removeAgents } from '../kube/remove.ts';
import { waitForAgents } from '../kube/wait.ts';
import { clearPolicies } from './policy-rounds.ts';
import type { Session } from './session.ts';

/**
 * Finds the Nodes, takes the lock, brings the agents and our Services up, and finds the others. `settledAt` is when what
 * the run itself changed must have reached every Node, in `performance.now()` milliseconds.
 */
export async function settle(
  { settings, run, signal, tell, undo, header, resume, pod, tool }: Session,
  client: KubeClient,
  selected: ReadonlySet<string>,
) {
  const { nodes, excluded, outside } = await discoverNodes(client, settings, signal);
  // Before anything is made: a run that no longer fits leaves the cluster as it is.
  header.problems.push(...(resume?.fits({ nodes, excluded }) ?? []));
  const onWait = (message: string) => tell({ phase: 'waiting', message });
  const lock = await acquireLock(client, settings, {
    holder: run,
    waitMs: settings.run.lockWaitMs,
    signal,
    onWait,
  });
  undo.push(() => lock.release().then(() => []));
  // Undone before the lock is: no other run may start among pods that are on their way out.
  const namespaces = [settings.namespace, settings.hostNamespace];
  if (!settings.run.keep) undo.push(() => removeAgents(client, namespaces, { lock }));
  const stop = AbortSignal.any([signal, lock.lost]);

  await clearPolicies(client, settings, stop);
  // Agents that are to stay must not go with the Job that made them.
  const owner =
    settings.run.keep || pod?.job === undefined ? undefined : { namespace: pod.namespace, ...pod.job };
  const { spec } = await applyAgents(client, settings, stop, { version: tool, owner, onWait });
  const asksOwn = selected.has('services') || selected.has('dns');
  const made = asksOwn ? await applyOwnServices(client, settings, stop) : [];
  const agents = await waitForAgents(client, settings, nodes, spec, {
    signal: stop,
    onProgress: (ready, wanted) => tell({ phase: 'agents', ready, wanted }),
  });
  const own = asksOwn ? await awaitEndpoints(client, settings, made, agents, stop) : undefined;
  const leftMs = own === undefined ? 0 : settings.services.settleMs - own.unchangedMs;
  const settledAt = performance.now() + Math.max(0, leftMs);
  const services = [...(own?.services ?? []), ...(await discoverServices(client, settings, selected, stop))];
  return { nodes, excluded, outside, agents, services, settledAt, spec, lock, stop };
}
