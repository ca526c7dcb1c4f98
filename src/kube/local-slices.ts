import type { V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import type { Agent, Family } from '../model.ts';
import { bytewise } from '../order.ts';
import { MANAGED_LABEL, NAME_LABEL, SLICE_MANAGER } from './names.ts';
import { SERVICE_LABEL } from './services.ts';

/**
 * EndpointSlices for a Service without a selector, one per family: they name the pod-network agent of the first Node
 * (bytewise) that has a ready one, so that no other Node has an endpoint. Pure.
 */
export function localSlices(service: V1Service, agents: readonly Agent[]): V1EndpointSlice[] {
  const [agent] = agents
    .filter(({ network, role, ready }) => network === 'pod' && role === 'prober' && ready)
    .sort((a, b) => bytewise(a.node, b.node));
  if (agent === undefined) return [];
  return (['v4', 'v6'] as const).flatMap((family) => {
    const address = agent.addresses[family];
    const has = service.spec?.ipFamilies?.includes(family === 'v4' ? 'IPv4' : 'IPv6') ?? false;
    return has && address !== undefined ? [sliceOf(service, agent, family, address)] : [];
  });
}

function sliceOf(service: V1Service, agent: Agent, family: Family, address: string): V1EndpointSlice {
  const { name = '', namespace = '' } = service.metadata ?? {};
  const labels = { [NAME_LABEL]: 'netaccept', [MANAGED_LABEL]: 'netaccept' };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${family}`,
      namespace,
      labels: { ...labels, ...SLICE_MANAGER, [SERVICE_LABEL]: name },
    },
    addressType: family === 'v4' ? 'IPv4' : 'IPv6',
    endpoints: [
      {
        addresses: [address],
        conditions: { ready: true },
        nodeName: agent.node,
        targetRef: { kind: 'Pod', name: agent.pod, namespace: agent.namespace, uid: agent.uid },
      },
    ],
    ports: (service.spec?.ports ?? []).map(({ name: port, port: number, protocol }) => ({
      ...(port === undefined ? {} : { name: port }),
      port: number,
      protocol: protocol ?? 'TCP',
    })),
  };
}
