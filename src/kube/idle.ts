import { setTimeout as pause } from 'node:timers/promises';
import { SetupError } from '../errors.ts';
import type { KubeClient } from './connect.ts';
import { holderText, isAlive, readLease } from './lease.ts';

const POLL_MS = 3_000;

export interface IdleOptions {
  waitMs: number;
  signal: AbortSignal | undefined;
  onWait: ((message: string) => void) | undefined;
}

/** Waits until no run holds the lock of any of these Namespaces. Throws a SetupError that names the one that goes on. */
export async function awaitIdle(
  client: KubeClient,
  namespaces: readonly string[],
  { waitMs, signal, onWait }: IdleOptions,
): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (const namespace of namespaces) {
    for (let told = ''; ; ) {
      const lease = await readLease(client, namespace, signal);
      if (lease === undefined || !isAlive(lease, client.transport.now())) break;
      const holding = `a run is at work in namespace ${namespace}: ${holderText(lease)}`;
      if (performance.now() >= deadline) throw busy(holding);
      if (told !== holding) onWait?.(holding);
      told = holding;
      await pause(POLL_MS, undefined, { signal });
    }
  }
}

function busy(holding: string): SetupError {
  return new SetupError({
    code: 'locked',
    message: `${holding}; nothing was removed`,
    hint: 'wait for it to end; the lock of a run that was killed frees itself within 30 s',
  });
}
