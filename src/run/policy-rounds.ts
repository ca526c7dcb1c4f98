import { checks } from '../checks/registry.ts';
import type { KubeClient } from '../kube/connect.ts';
import { applyPolicy, removeAnyPolicies, removePolicies } from '../kube/network-policy.ts';
import { selectedChecks } from '../matrix/select.ts';
import type { Round, Settings } from '../model.ts';
import type { Session } from './session.ts';

/**
 * Before anything is probed: a NetworkPolicy of ours that a killed run left would make its cases red. And whoever is
 * to make one must be allowed to, and to remove it again: that is found out here, not between two rounds.
 */
export async function clearPolicies(
  client: KubeClient,
  settings: Settings,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, policy } = settings;
  if (!policy.own || !selectedChecks(settings, checks).has('policy')) {
    await removeAnyPolicies(client, namespace, signal);
    return;
  }
  await removePolicies(client, namespace, signal);
  await applyPolicy(client, namespace, { rehearse: true });
}

/**
 * Makes each round ready: our NetworkPolicy is there in `enforced`, and in no other one. Whatever ends the run, its
 * removal is queued before it is made.
 */
export function policyRounds(
  client: KubeClient,
  { settings: { namespace }, undo }: Pick<Session, 'settings' | 'undo'>,
): (round: Round) => Promise<void> {
  let made: Promise<void> | undefined;
  const lift = async (): Promise<string[]> => {
    if (made === undefined) return [];
    // A request that is still on its way would make it after its removal.
    await made.catch(() => undefined);
    const removed = await removePolicies(client, namespace);
    made = undefined;
    return removed;
  };
  undo.push(lift);
  return async (round) => {
    if (round !== 'enforced') {
      await lift();
      return;
    }
    made = applyPolicy(client, namespace);
    await made;
  };
}
