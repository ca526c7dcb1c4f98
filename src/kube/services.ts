import type { V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import type { ClusterService, Family, ServiceEndpoint, ServicePort } from '../model.ts';
import { addressesOf } from './addresses.ts';

/**
 * A Service with its endpoints, from the two kinds of object that describe it. Pure. `slices` may hold those of other
 * Services too. Of several ports with one name the endpoints' port is that of the first slice.
 */
export function clusterService(
  service: V1Service,
  slices: readonly V1EndpointSlice[],
  role: ClusterService['role'],
): ClusterService {
  const { metadata, spec, status } = service;
  const namespace = metadata?.namespace ?? '';
  const name = metadata?.name ?? '';
  const own = slices.filter(
    (slice) => slice.metadata?.namespace === namespace && slice.metadata.labels?.[SERVICE_LABEL] === name,
  );
  const ips = (spec?.clusterIPs ?? []).filter((ip) => ip !== 'None');
  const { externalTrafficPolicy, internalTrafficPolicy } = spec ?? {};
  return {
    namespace,
    name,
    role,
    type: typeOf(spec?.type),
    clusterIPs: addressesOf(ips),
    headless: spec?.clusterIP === 'None',
    families: (spec?.ipFamilies ?? []).map((family) => (family === 'IPv6' ? 'v6' : 'v4')),
    ports: (spec?.ports ?? []).map((port): ServicePort => {
      const endpointPort = own
        .flatMap((slice) => slice.ports ?? [])
        .find((one) => (one.name ?? '') === (port.name ?? ''))?.port;
      return {
        name: port.name ?? '',
        protocol: port.protocol === 'UDP' || port.protocol === 'SCTP' ? port.protocol : 'TCP',
        port: port.port,
        ...(port.nodePort === undefined || port.nodePort === 0 ? {} : { nodePort: port.nodePort }),
        ...(endpointPort === undefined ? {} : { endpointPort }),
      };
    }),
    externalIPs: spec?.externalIPs ?? [],
    loadBalancer: (status?.loadBalancer?.ingress ?? []).flatMap((at) =>
      [at.ip, at.hostname].filter((one) => one !== undefined).slice(0, 1),
    ),
    ...(externalTrafficPolicy === 'Cluster' || externalTrafficPolicy === 'Local'
      ? { externalTrafficPolicy }
      : {}),
    ...(internalTrafficPolicy === 'Cluster' || internalTrafficPolicy === 'Local'
      ? { internalTrafficPolicy }
      : {}),
    sessionAffinity: spec?.sessionAffinity === 'ClientIP' ? 'ClientIP' : 'None',
    endpoints: own.flatMap(endpointsOf),
  };
}

/** Set by Kubernetes (and by hand where a slice has no selector): the Service that a slice belongs to. */
export const SERVICE_LABEL = 'kubernetes.io/service-name';

/** An endpoint whose `ready` is absent counts as ready: the API says so. */
function endpointsOf(slice: V1EndpointSlice): ServiceEndpoint[] {
  const family: Family = slice.addressType === 'IPv6' ? 'v6' : 'v4';
  return (slice.endpoints ?? []).flatMap(({ addresses, conditions, nodeName, targetRef }) => {
    // Consumers use the first address only (the API's own words); there is never another.
    const [address] = addresses;
    if (address === undefined) return [];
    const pod = targetRef?.kind === 'Pod' ? targetRef : undefined;
    return [
      {
        address,
        family,
        ready: conditions?.ready ?? true,
        ...(nodeName === undefined ? {} : { node: nodeName }),
        ...(pod?.name === undefined ? {} : { pod: pod.name }),
        ...(pod?.uid === undefined ? {} : { uid: pod.uid }),
      },
    ];
  });
}

function typeOf(type: string | undefined): ClusterService['type'] {
  return type === 'NodePort' || type === 'LoadBalancer' || type === 'ExternalName' ? type : 'ClusterIP';
}
