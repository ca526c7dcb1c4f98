import { setTimeout as pause } from 'node:timers/promises';
import type { V1Lease, V1Namespace } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import type { Settings } from '../model.ts';
import type { KubeClient } from './connect.ts';
import { createLease, holderText, isAlive, type LeaseTerms, readLease, updateLease } from './lease.ts';
import { keepLease, type Lock } from './lock-renewal.ts';
import { inNamespace } from './namespace.ts';
import { agentObjects } from './objects.ts';

export type { Lock } from './lock-renewal.ts';

export interface LockOptions {
  /** Who we are, for the others: unique to this run. */
  holder: string;
  /** How long to wait for another run; 0 refuses at once. */
  waitMs: number;
  signal?: AbortSignal;
  /** A sentence that says who holds it, whenever it changes. */
  onWait?(message: string): void;
}

/** Renewed thrice before others may think us dead. Shorter ones are for tests only. */
export const LOCK_TIMES = { durationMs: 30_000, renewMs: 10_000, pollMs: 3_000 };

/**
 * The installation's lock: two runs in one Namespace would remove each other's agents. Makes the Namespace if
 * there is none. Throws a SetupError that names the holder if it is not free within `waitMs`.
 */
export async function acquireLock(
  client: KubeClient,
  settings: Settings,
  { holder, waitMs, signal, onWait }: LockOptions,
  times = LOCK_TIMES,
): Promise<Lock> {
  const terms = { namespace: settings.namespace, holder, durationMs: times.durationMs };
  const deadline = performance.now() + waitMs;
  let told = '';
  for (;;) {
    const { lease, mine } = await tryOnce(client, settings, terms, signal);
    if (mine) return keepLease(client, lease, terms, times.renewMs);
    const holding = `another run holds the lock of namespace ${settings.namespace}: ${holderText(lease)}`;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw locked(holding, waitMs);
    if (holding !== told) onWait?.(holding);
    told = holding;
    await pause(Math.min(times.pollMs, leftMs), undefined, { signal });
  }
}

/** Ours now, or the Lease of whoever holds it. */
async function tryOnce(
  client: KubeClient,
  settings: Settings,
  terms: LeaseTerms,
  signal?: AbortSignal,
): Promise<{ lease: V1Lease; mine: boolean }> {
  const namespace = lockNamespace(settings);
  for (;;) {
    const created = await inNamespace(client, namespace, () => createLease(client, terms, signal), signal);
    if (created !== undefined) return { lease: created, mine: true };
    const found = await readLease(client, terms.namespace, signal);
    // Gone in between, with its Namespace or without: try again.
    if (found === undefined) continue;
    // Ours already, if the answer to our own request was lost on the way and it was sent again.
    if (found.spec?.holderIdentity === terms.holder) return { lease: found, mine: true };
    if (isAlive(found, client.transport.now())) return { lease: found, mine: false };
    // Its run died.
    const taken = await updateLease(client, found, terms, signal);
    if (taken !== undefined) return { lease: taken, mine: true };
  }
}

function lockNamespace(settings: Settings): V1Namespace {
  const { namespaces } = agentObjects(settings, '');
  const found = namespaces.find(({ metadata }) => metadata?.name === settings.namespace);
  if (found === undefined) throw new Error(`manifests/: no Namespace for ${settings.namespace}`);
  return found;
}

function locked(holding: string, waitMs: number): SetupError {
  const after = waitMs > 0 ? `, and still did after ${waitMs / 1000} s` : '';
  return new SetupError({
    code: 'locked',
    message: `${holding}${after}`,
    hint: 'wait for it to end, or raise run.lockWait; the lock of a run that was killed frees itself within 30 s',
  });
}
