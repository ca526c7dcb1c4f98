import { randomBytes } from 'node:crypto';
import type { V1Namespace, V1Secret } from '@kubernetes/client-node';
import { asked, askedUnless } from './api-error.ts';
import { APPLY, applyCall, call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { FIELD_MANAGER, MANAGED_LABEL, NAME_LABEL, TOKEN_SECRET } from './names.ts';
import { inNamespace } from './namespace.ts';

/**
 * The installation's token, the same in all its Namespaces: agents answer nobody who lacks it. An existing one
 * is kept (agents read it once, at their start); the first Namespace's wins. Makes the Namespaces that are not there.
 */
export async function ensureToken(
  client: KubeClient,
  namespaces: readonly V1Namespace[],
  signal?: AbortSignal,
): Promise<string> {
  const offered = randomBytes(24).toString('hex');
  const names = namespaces.map(({ metadata }) => metadata?.name ?? '');
  const found: (string | undefined)[] = [];
  for (const [index, namespace] of namespaces.entries()) {
    const name = names[index] ?? '';
    // Created at once, not looked for first: where nothing is yet, that is one request.
    const create = () => createToken(client, name, offered, signal);
    const created = await inNamespace(client, namespace, create, signal);
    found.push(created === undefined ? await readToken(client, name, signal) : offered);
  }
  const token = found.find((one) => one !== undefined && one !== offered) ?? offered;
  for (const [index, name] of names.entries()) {
    if (found[index] !== token) await writeToken(client, name, token, signal);
  }
  return token;
}

/** Undefined if there is one already. */
function createToken(
  client: KubeClient,
  namespace: string,
  token: string,
  signal?: AbortSignal,
): Promise<V1Secret | undefined> {
  const body = tokenSecret(namespace, token);
  const request = client.core.createNamespacedSecret(
    { namespace, body, fieldManager: FIELD_MANAGER },
    call(signal),
  );
  return askedUnless(409, `creating secret ${namespace}/${TOKEN_SECRET}`, request);
}

async function readToken(
  client: KubeClient,
  namespace: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const request = client.core.readNamespacedSecret({ name: TOKEN_SECRET, namespace }, call(signal));
  const secret = await askedUnless(404, `reading secret ${namespace}/${TOKEN_SECRET}`, request);
  const token = Buffer.from(secret?.data?.token ?? '', 'base64').toString('utf8');
  return token === '' ? undefined : token;
}

async function writeToken(
  client: KubeClient,
  namespace: string,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  const body = tokenSecret(namespace, token);
  const request = client.core.patchNamespacedSecret(
    { name: TOKEN_SECRET, namespace, body, ...APPLY },
    applyCall(signal),
  );
  await asked(`writing secret ${namespace}/${TOKEN_SECRET}`, request);
}

function tokenSecret(namespace: string, token: string): V1Secret {
  const labels = { [NAME_LABEL]: 'netaccept', [MANAGED_LABEL]: 'netaccept' };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: TOKEN_SECRET, namespace, labels },
    type: 'Opaque',
    data: { token: Buffer.from(token).toString('base64') },
  };
}
