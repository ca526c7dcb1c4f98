import { ApiException, HttpMethod } from '@kubernetes/client-node';
import { asked } from './api-error.ts';
import type { KubeClient } from './connect.ts';
import { rawRequest } from './raw-request.ts';

/**
 * Deletes the objects of one collection (`/apis/apps/v1/namespaces/x/daemonsets`) that match the selector, in
 * one request, and returns their names. The typed API offers the same call but throws the names away.
 */
export async function deleteLabelled(
  client: KubeClient,
  collection: string,
  labelSelector: string,
  signal?: AbortSignal,
): Promise<string[]> {
  return asked(`deleting ${collection}`, send(client, collection, labelSelector, signal));
}

async function send(
  client: KubeClient,
  collection: string,
  labelSelector: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const request = await rawRequest(client, HttpMethod.DELETE, collection, { labelSelector }, signal);
  const { httpStatusCode, headers, body } = await client.transport.send(request);
  const text = await body.text();
  if (httpStatusCode >= 300) throw new ApiException(httpStatusCode, 'refused', text, headers);
  const { items } = JSON.parse(text) as { items?: { metadata?: { name?: string } }[] };
  return (items ?? []).map(({ metadata }) => metadata?.name ?? '');
}
