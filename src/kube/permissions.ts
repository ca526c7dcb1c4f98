import type { V1ResourceAttributes } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import type { Settings } from '../model.ts';
import { asked, codeOf, isTerminating } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { isGranted } from './granted.ts';
import { readNamespace } from './namespace.ts';
import { CREATE_NAMESPACES, namespacesOf, type Right, rightsFor, rightText } from './rights.ts';

/**
 * Before anything is made: throws one SetupError with all rights that a run of the `selected` checks needs and that are
 * missing. Returns, a sentence each, those that it can do without. One request per Namespace; where the API server does
 * not say who may do what, nothing counts as missing.
 */
export async function requireRights(
  client: KubeClient,
  settings: Settings,
  selected: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<string[]> {
  const unsure = await notListed(client, rightsFor(settings, selected, client.version), signal);
  if (unsure.some(({ without }) => without === undefined)) {
    const missing = await missingRights(client, settings, selected, signal);
    if (missing.length > 0) throw new SetupError(missing.map(problemOf));
  }
  const spared = await notAllowed(
    client,
    unsure.filter(({ without }) => without !== undefined),
    signal,
  );
  return spared.map((right) => `not allowed: ${rightText(right)}; without it ${right.without}`);
}

/** Those that the API server's own list of what we may do does not have: it may be incomplete. */
async function notListed(
  client: KubeClient,
  rights: readonly Right[],
  signal?: AbortSignal,
): Promise<Right[]> {
  const missing: Right[] = [];
  for (const namespace of new Set(rights.map((right) => right.namespace))) {
    // The list is a Namespace's. What is of the whole cluster a run asks for first, and without it ends there.
    if (namespace === undefined) continue;
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace },
    };
    const request = client.authorization.createSelfSubjectRulesReview({ body }, call(signal));
    const review = await asked(`asking what we may do in namespace ${namespace}`, request).catch(
      unlessRefused,
    );
    if (review === undefined) continue;
    const rules = review.status?.resourceRules ?? [];
    missing.push(...rights.filter((right) => right.namespace === namespace && !isGranted(rules, right)));
  }
  return missing;
}

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

/** Who may not ask is told by the run itself. */
function unlessRefused(error: unknown): undefined {
  if (codeOf(error) === undefined) throw error;
}

async function missingRights(
  client: KubeClient,
  settings: Settings,
  selected: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Right[]> {
  const needed = rightsFor(settings, selected, client.version).filter(({ without }) => without === undefined);
  return notAllowed(client, [...(await creations(client, settings, signal)), ...needed], signal);
}

async function notAllowed(
  client: KubeClient,
  rights: readonly Right[],
  signal?: AbortSignal,
): Promise<Right[]> {
  const missing: Right[] = [];
  for (const right of rights) if (!(await isAllowed(client, right, signal))) missing.push(right);
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
