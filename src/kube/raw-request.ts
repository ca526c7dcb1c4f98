import { type HttpMethod, type RequestContext, ServerConfiguration } from '@kubernetes/client-node';
import type { KubeClient } from './connect.ts';

/** A request for the transport, where the typed API hides what we need of the answer. */
export async function rawRequest(
  client: KubeClient,
  method: HttpMethod,
  path: string,
  query: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<RequestContext> {
  const request = new ServerConfiguration(client.server, {}).makeRequestContext(path, method);
  for (const [name, value] of Object.entries(query)) request.setQueryParam(name, value);
  if (signal !== undefined) request.setSignal(signal);
  await client.kubeconfig.applySecurityAuthentication(request);
  return request;
}
