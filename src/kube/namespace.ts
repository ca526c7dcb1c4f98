import { setTimeout as pause } from 'node:timers/promises';
import type { V1Namespace } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import { askedUnless, codeOf, isTerminating } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { CREATED_LABEL } from './names.ts';

const POLL_MS = 2_000;
/** A Namespace that its deletion cannot finish (a dead Node, a foreign finalizer) never goes by itself. */
const GONE_WITHIN_MS = 120_000;
/** Only somebody who deletes it again and again, or an API server out of its mind, needs more. */
const MOST_TRIES = 5;

/**
 * Creates an object in the Namespace. An existing Namespace is used as it is and never modified; a missing one is
 * made, one that is being deleted is waited for and made anew. `create` itself shows which of them it is, without
 * another request: in a Namespace that is going the API server refuses to create even what is there already.
 */
export async function inNamespace<T>(
  client: KubeClient,
  namespace: V1Namespace,
  create: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const name = namespace.metadata?.name ?? '';
  for (let tries = 1; ; tries++) {
    try {
      return await create();
    } catch (error) {
      const going = isTerminating(error);
      if (tries === MOST_TRIES || (!going && codeOf(error) !== 404)) throw error;
      if (going) await untilGone(client, name, GONE_WITHIN_MS, signal);
    }
    await createNamespace(client, namespace, signal);
  }
}

/** Only what is created here carries the label that lets us delete it. */
async function createNamespace(
  client: KubeClient,
  namespace: V1Namespace,
  signal?: AbortSignal,
): Promise<void> {
  const labels = { ...namespace.metadata?.labels, [CREATED_LABEL]: 'true' };
  const body = { ...namespace, metadata: { ...namespace.metadata, labels } };
  const request = client.core.createNamespace({ body }, call(signal));
  // 409: somebody else made it at the same moment.
  await askedUnless(409, `creating namespace ${namespace.metadata?.name}`, request);
}

export function readNamespace(
  client: KubeClient,
  name: string,
  signal?: AbortSignal,
): Promise<V1Namespace | undefined> {
  return askedUnless(404, `reading namespace ${name}`, client.core.readNamespace({ name }, call(signal)));
}

export function isGoing(namespace: V1Namespace): boolean {
  return namespace.metadata?.deletionTimestamp !== undefined;
}

/** Gone, or made anew by somebody else. Throws a SetupError with what is in the way, once `withinMs` has passed. */
async function untilGone(
  client: KubeClient,
  name: string,
  withinMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await readNamespace(client, name, signal);
    if (found === undefined || !isGoing(found)) return;
    if (performance.now() >= deadline) throw stuck(name, withinMs, found);
    await pause(POLL_MS, undefined, { signal });
  }
}

function stuck(name: string, withinMs: number, namespace: V1Namespace): SetupError {
  const conditions = namespace.status?.conditions?.filter(({ status }) => status === 'True') ?? [];
  const said = conditions.map(({ message }) => message ?? '').filter((message) => message !== '');
  return new SetupError({
    code: 'not-removed',
    message: `namespace ${name} is still being deleted after ${withinMs / 1000} s${said.length === 0 ? '' : `: ${said.join('; ')}`}`,
    hint: `look at what is left in it: kubectl get pods -n ${name} -o wide`,
  });
}
