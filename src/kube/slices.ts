import type { V1EndpointSlice } from '@kubernetes/client-node';
import { asked } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { SERVICE_LABEL } from './services.ts';

/** EndpointSlices of these Services of one Namespace; one LIST. */
export async function slicesOf(
  client: KubeClient,
  namespace: string,
  services: readonly string[],
  signal?: AbortSignal,
): Promise<V1EndpointSlice[]> {
  const labelSelector = `${SERVICE_LABEL} in (${services.join(',')})`;
  const request = client.discovery.listNamespacedEndpointSlice({ namespace, labelSelector }, call(signal));
  return (await asked(`listing the EndpointSlices in namespace ${namespace}`, request)).items;
}
