import type { V1ResourceAttributes } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import type { Settings } from '../model.ts';
import { asked, codeOf, isTerminating } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { readNamespace } from './namespace.ts';
import { CREATE_NAMESPACES, namespacesOf, type Right, rightsFor, rightText } from './rights.ts';

/**
 * Does `work`. If the API server forbids any of it, asks about every right that a run needs and throws one
 * SetupError that lists all the missing ones: nobody should have to find them one by one.
 */
export async function explainForbidden<T>(
  client: KubeClient,
  settings: Settings,
  work: () => Promise<T>,
  signal?: AbortSignal,
  selected: ReadonlySet<string> = new Set(),
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) !== 403 || isTerminating(error)) throw error;
    const missing = await missingRights(client, settings, selected, signal);
    // Every right is there: then an admission plugin or a quota said no, and said why.
    if (missing.length === 0) throw error;
    throw new SetupError(missing.map(problemOf), { cause: error });
  }
}

async function missingRights(
  client: KubeClient,
  settings: Settings,
  selected: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Right[]> {
  const missing: Right[] = [];
  for (const right of [...(await creations(client, settings, signal)), ...rightsFor(settings, selected)]) {
    if (!(await isAllowed(client, right, signal))) missing.push(right);
  }
  return missing;
}

/** Only where a Namespace is missing must we be allowed to create it. */
async function creations(client: KubeClient, settings: Settings, signal?: AbortSignal): Promise<Right[]> {
  for (const namespace of namespacesOf(settings)) {
    try {
      if ((await readNamespace(client, namespace, signal)) === undefined) return [CREATE_NAMESPACES];
    } catch (error) {
      if (codeOf(error) !== 403) throw error;
    }
  }
  return [];
}

async function isAllowed(client: KubeClient, right: Right, signal?: AbortSignal): Promise<boolean> {
  const resourceAttributes: V1ResourceAttributes = right;
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const request = client.authorization.createSelfSubjectAccessReview({ body }, call(signal));
  const review = await asked('asking which rights we have', request);
  return review.status?.allowed === true;
}

function problemOf(right: Right) {
  return {
    code: 'forbidden',
    message: `not allowed: ${rightText(right)}`,
    hint: 'an administrator can prepare the cluster with `kubectl apply -k manifests` (its ServiceAccount netaccept-runner has every right a run needs), or grant you the same roles',
  };
}
