import { setTimeout as pause } from 'node:timers/promises';
import type { V1EndpointSlice, V1ObjectMeta, V1Service } from '@kubernetes/client-node';
import type { Agent, ClusterService, Family, Settings } from '../model.ts';
import { asked } from './api-error.ts';
import { APPLY, applyCall } from './call.ts';
import type { KubeClient } from './connect.ts';
import { localSlices } from './local-slices.ts';
import { LOCAL_SERVICE } from './names.ts';
import { agentObjects } from './objects.ts';
import { clusterService } from './services.ts';
import { slicesOf } from './slices.ts';

const POLL_MS = 1_000;
/** The controller needs about a second. What is not there by then is what the API says. */
const COMPLETE_WITHIN_MS = 60_000;

/** Our own Services by server-side apply, with the addresses and NodePorts that the API server gave them. */
export async function applyOwnServices(
  client: KubeClient,
  settings: Settings,
  signal?: AbortSignal,
): Promise<V1Service[]> {
  const services: V1Service[] = [];
  for (const body of agentObjects(settings, '').services) {
    const { name = '', namespace = '' } = body.metadata ?? {};
    const request = client.core.patchNamespacedService(
      { name, namespace, body, ...APPLY },
      applyCall(signal),
    );
    services.push(await asked(`applying service ${namespace}/${name}`, request));
  }
  return services;
}

export interface OwnServices {
  services: ClusterService[];
  /** Milliseconds since the last of these Services and EndpointSlices changed, by the API server's clock. */
  unchangedMs: number;
}

/** Looks until every ready agent is an endpoint of each of our Services, with a limit. One LIST a look. */
export async function awaitEndpoints(
  client: KubeClient,
  settings: Pick<Settings, 'namespace'>,
  services: readonly V1Service[],
  agents: readonly Agent[],
  signal?: AbortSignal,
): Promise<OwnServices> {
  const own = services.find(({ metadata }) => metadata?.name === LOCAL_SERVICE);
  const slices = own === undefined ? [] : localSlices(own, agents);
  for (const slice of slices) await applySlice(client, slice, signal);
  const names = services.map(({ metadata }) => metadata?.name ?? '');
  const deadline = performance.now() + COMPLETE_WITHIN_MS;
  for (;;) {
    const seen = await slicesOf(client, settings.namespace, names, signal);
    const found = services.map((service) => clusterService(service, seen, 'own'));
    if (found.every((service) => isComplete(service, agents)) || performance.now() >= deadline) {
      const changed = [...services, ...seen].map(({ metadata }) => changedAt(metadata));
      return { services: found, unchangedMs: client.transport.now() - Math.max(...changed) };
    }
    await pause(POLL_MS, undefined, { signal });
  }
}

async function applySlice(client: KubeClient, body: V1EndpointSlice, signal?: AbortSignal): Promise<void> {
  const { name = '', namespace = '' } = body.metadata ?? {};
  const request = client.discovery.patchNamespacedEndpointSlice(
    { name, namespace, body, ...APPLY },
    applyCall(signal),
  );
  await asked(`applying endpointslice ${namespace}/${name}`, request);
}

function isComplete(service: ClusterService, agents: readonly Agent[]): boolean {
  const ready = agents.filter((agent) => agent.network === 'pod' && agent.role === 'prober' && agent.ready);
  return service.families.every((family: Family) => {
    const listed = new Set(
      service.endpoints.filter((one) => one.ready && one.family === family).map(({ address }) => address),
    );
    const wanted = ready.flatMap(({ addresses }) => addresses[family] ?? []);
    // Of this one only a single agent is an endpoint, and the slice that says so is ours.
    if (service.name === LOCAL_SERVICE) return wanted.length === 0 || listed.size > 0;
    // Nor may a pod of an earlier run be left: it would be expected to answer.
    return wanted.every((address) => listed.has(address)) && listed.size === wanted.length;
  });
}

/** Applying what is there already changes nothing, and leaves these times as they are. */
function changedAt(metadata: V1ObjectMeta | undefined): number {
  const times = [metadata?.creationTimestamp, ...(metadata?.managedFields ?? []).map(({ time }) => time)];
  return Math.max(0, ...times.flatMap((time) => (time === undefined ? [] : [new Date(time).getTime()])));
}
