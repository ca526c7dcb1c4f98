import { randomBytes } from 'node:crypto';
import type { V1Secret } from '@kubernetes/client-node';
import { asked, askedUnless } from './api-error.ts';
import { APPLY, applyCall, call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { MANAGED_LABEL, NAME_LABEL, TOKEN_SECRET } from './names.ts';

/**
 * The installation's token, the same in all its Namespaces: agents answer nobody who lacks it. An existing one
 * is kept (agents read it once, at their start); the first Namespace's wins.
 */
export async function ensureToken(
  client: KubeClient,
  namespaces: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const found: (string | undefined)[] = [];
  for (const namespace of namespaces) found.push(await readToken(client, namespace, signal));
  const token = found.find((one) => one !== undefined) ?? randomBytes(24).toString('hex');
  for (const [index, namespace] of namespaces.entries()) {
    if (found[index] !== token) await writeToken(client, namespace, token, signal);
  }
  return token;
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
  const labels = { [NAME_LABEL]: 'netaccept', [MANAGED_LABEL]: 'netaccept' };
  const body: V1Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: TOKEN_SECRET, namespace, labels },
    type: 'Opaque',
    data: { token: Buffer.from(token).toString('base64') },
  };
  const request = client.core.patchNamespacedSecret(
    { name: TOKEN_SECRET, namespace, body, ...APPLY },
    applyCall(signal),
  );
  await asked(`writing secret ${namespace}/${TOKEN_SECRET}`, request);
}
