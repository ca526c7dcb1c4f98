import type { V1Lease } from '@kubernetes/client-node';
import { codeOf } from './api-error.ts';
import type { KubeClient } from './connect.ts';
import { deleteLease, type LeaseTerms, readLease, updateLease } from './lease.ts';

export interface Lock {
  holder: string;
  namespace: string;
  /** Stops renewing and frees the Lease. Never throws: what cannot be freed now frees itself soon. */
  release(): Promise<void>;
  /**
   * Nothing is left to renew or to free: its Namespace is being deleted, and keeps every other run out until it
   * is gone, because nobody can create a Lease in it any more.
   */
  rest(): void;
  /** Aborted when somebody else may have the lock: it was taken, deleted, or not renewed in time. */
  lost: AbortSignal;
}

/** Keeps a Lease that is ours until it is released. */
export function keepLease(client: KubeClient, first: V1Lease, terms: LeaseTerms, renewMs: number): Lock {
  const lost = new AbortController();
  let lease = first;
  let renewed = performance.now();
  let resting = false;
  let renewal: Promise<void> = Promise.resolve();

  const renew = async () => {
    // Started anew before the next one is due: a request that hangs must not cost us the lock.
    const signal = AbortSignal.timeout(renewMs * 0.9);
    try {
      const next = await renewedLease(client, lease, terms, signal);
      if (next === undefined) return lose('somebody else has it, or it was deleted');
      lease = next;
      renewed = performance.now();
    } catch {
      // The API server may be back in time for the next renewal.
      if (performance.now() - renewed > terms.durationMs) lose('it could not be renewed in time');
    }
  };
  const timer = setInterval(() => {
    renewal = renew();
  }, renewMs);
  timer.unref();

  function lose(why: string): void {
    if (resting) return;
    clearInterval(timer);
    lost.abort(new Error(`the lock of namespace ${terms.namespace} was lost: ${why}`));
  }

  return {
    holder: terms.holder,
    namespace: terms.namespace,
    lost: lost.signal,
    rest() {
      resting = true;
      clearInterval(timer);
    },
    async release() {
      clearInterval(timer);
      await renewal;
      if (resting || lost.signal.aborted) return;
      await deleteLease(client, lease, AbortSignal.timeout(renewMs)).catch(() => undefined);
    },
  };
}

/** Undefined if it is not ours any more. */
async function renewedLease(
  client: KubeClient,
  lease: V1Lease,
  terms: LeaseTerms,
  signal: AbortSignal,
): Promise<V1Lease | undefined> {
  try {
    const next = await updateLease(client, lease, terms, signal);
    if (next !== undefined) return next;
  } catch (error) {
    if (codeOf(error) === 404) return undefined;
    throw error;
  }
  // Changed since: by our own renewal, whose answer got lost, or by whoever took it.
  const found = await readLease(client, terms.namespace, signal);
  return found?.spec?.holderIdentity === terms.holder ? found : undefined;
}
