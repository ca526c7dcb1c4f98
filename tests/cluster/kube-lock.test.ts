// The lock between two runs, against a real API server.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeClient } from '../../src/kube/connect.ts';
import { acquireLock, LOCK_TIMES } from '../../src/kube/lock.ts';
import { removeAgents } from '../../src/kube/remove.ts';
import { kubeClient, kubeSettings, NAMESPACES, removeNamespaces } from './kube-settings.ts';
import { kubectl } from './users.ts';

const [NAMESPACE = ''] = NAMESPACES;
const FAST = { durationMs: 3_000, renewMs: 500, pollMs: 200 };

let client: KubeClient;
beforeEach(async () => {
  await removeNamespaces();
  client = await kubeClient();
});
afterEach(removeNamespaces);

function lease(path: string): Promise<string> {
  return kubectl(
    'get',
    'lease',
    'netaccept',
    '-n',
    NAMESPACE,
    '-o',
    `jsonpath={${path}}`,
    '--ignore-not-found',
  );
}

describe('the lock', () => {
  test('makes its Namespace, refuses a second run by name, and is free again when released', async () => {
    const first = await acquireLock(client, kubeSettings(), { holder: 'first', waitMs: 0 });
    await expect(acquireLock(client, kubeSettings(), { holder: 'second', waitMs: 0 })).rejects.toThrow(
      /^another run holds the lock of namespace kube-test: first, since 20\d\d-\d\d-\d\dT[\d:.]+Z$/,
    );
    await first.release();
    expect(await lease('.metadata.name')).toBe('');
    const second = await acquireLock(client, kubeSettings(), { holder: 'second', waitMs: 0 });
    expect(await lease('.spec.holderIdentity')).toBe('second');
    expect(await lease('.spec.leaseDurationSeconds')).toBe('30');
    await second.release();
    expect([first.lost.aborted, second.lost.aborted]).toEqual([false, false]);
  });

  test('is waited for, and the waiting run is told once by whom it is held', async () => {
    const first = await acquireLock(client, kubeSettings(), { holder: 'first', waitMs: 0 }, FAST);
    const told: string[] = [];
    const waiting = acquireLock(
      client,
      kubeSettings(),
      {
        holder: 'second',
        waitMs: 60_000,
        onWait(message) {
          told.push(message);
          // Longer than the first one's Lease lasts: it must have been renewed all the while.
          setTimeout(() => void first.release(), 2 * FAST.durationMs);
        },
      },
      FAST,
    );
    const second = await waiting;
    expect(told).toEqual([expect.stringMatching(/^another run holds the lock .* first, since/)]);
    expect(first.lost.aborted).toBe(false);
    await second.release();
  });

  test('that is waited for in vain ends with who holds it', async () => {
    const first = await acquireLock(client, kubeSettings(), { holder: 'first', waitMs: 0 }, FAST);
    await expect(
      acquireLock(client, kubeSettings(), { holder: 'second', waitMs: 1000 }, FAST),
    ).rejects.toThrow(/: first, since .*, and still did after 1 s$/);
    await first.release();
  });

  test('of a run that died is taken over when it was not renewed in time, and the dead one cannot free it', async () => {
    const dead = await acquireLock(
      client,
      kubeSettings(),
      { holder: 'dead', waitMs: 0 },
      { ...FAST, renewMs: 60_000 },
    );
    const heir = await acquireLock(client, kubeSettings(), { holder: 'heir', waitMs: 60_000 }, FAST);
    expect(await lease('.spec.holderIdentity')).toBe('heir');
    await dead.release();
    // It may not free what is not its own any more.
    expect(await lease('.spec.holderIdentity')).toBe('heir');
    await heir.release();
  });

  test('that somebody takes away is reported as lost', async () => {
    const lock = await acquireLock(client, kubeSettings(), { holder: 'first', waitMs: 0 }, FAST);
    const lost = new Promise((resolve) => lock.lost.addEventListener('abort', resolve));
    await kubectl(
      'patch',
      'lease',
      'netaccept',
      '-n',
      NAMESPACE,
      '--type=merge',
      '-p',
      '{"spec":{"holderIdentity":"thief"}}',
    );
    await lost;
    expect(String(lock.lost.reason)).toContain('somebody else has it');
    await lock.release();
    expect(await lease('.spec.holderIdentity')).toBe('thief');
  });

  test('outlives its Namespace: who waits makes it anew once the first run has removed it', async () => {
    const first = await acquireLock(client, kubeSettings(), { holder: 'first', waitMs: 0 });
    const uid = await kubectl('get', 'namespace', NAMESPACE, '-o', 'jsonpath={.metadata.uid}');
    let removing: Promise<string[]> | undefined;
    const onWait = () => {
      removing ??= removeAgents(client, NAMESPACES, { lock: first });
    };
    const second = await acquireLock(
      client,
      kubeSettings(),
      { holder: 'second', waitMs: 60_000, onWait },
      { ...LOCK_TIMES, pollMs: 500 },
    );
    expect(await removing).toEqual([`Namespace ${NAMESPACE}`]);
    await first.release();
    expect(await kubectl('get', 'namespace', NAMESPACE, '-o', 'jsonpath={.metadata.uid}')).not.toBe(uid);
    expect(await lease('.spec.holderIdentity')).toBe('second');
    await second.release();
  });

  test('protects a run from being cleaned away', async () => {
    const lock = await acquireLock(client, kubeSettings(), { holder: 'first', waitMs: 0 });
    await expect(removeAgents(client, NAMESPACES, { lockWaitMs: 0 })).rejects.toThrow(
      /^a run is at work in namespace kube-test: first, since .*; nothing was removed$/,
    );
    await lock.release();
    expect(await removeAgents(client, NAMESPACES)).toEqual([`Namespace ${NAMESPACE}`]);
  });

  test('that a killed run left in a foreign Namespace is removed too', async () => {
    await kubectl('create', 'namespace', NAMESPACE);
    await acquireLock(client, kubeSettings(), { holder: 'killed', waitMs: 0 }, { ...FAST, renewMs: 60_000 });
    expect(await removeAgents(client, NAMESPACES)).toEqual([`Lease ${NAMESPACE}/netaccept`]);
    expect(await removeAgents(client, NAMESPACES)).toEqual([]);
  });
});
