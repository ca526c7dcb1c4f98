// How our objects are known: written in manifests/ as well, where a test compares them.

export type Component = 'pod-agent' | 'peer-agent' | 'host-agent' | 'host-port-agent';

export const NAME_LABEL = 'app.kubernetes.io/name';
export const MANAGED_LABEL = 'app.kubernetes.io/managed-by';
/** netaccept's own version, on agents. */
export const VERSION_LABEL = 'app.kubernetes.io/version';
export const COMPONENT_LABEL = 'app.kubernetes.io/component';
/** On agent pods: the hash of the template they were made from. */
export const SPEC_LABEL = 'netaccept.io/spec';
/** On Namespaces that netaccept itself created, and only on them: these it may delete. */
export const CREATED_LABEL = 'netaccept.io/created';

/** Selects what netaccept manages, whichever version of it. */
export const OURS = `${MANAGED_LABEL}=netaccept`;

export const FIELD_MANAGER = 'netaccept';
export const TOKEN_SECRET = 'netaccept-token';
export const LEASE = 'netaccept';
export const CONTAINER = 'agent';

/** On our own EndpointSlices: the controller leaves those of others alone. */
export const SLICE_MANAGER = { 'endpointslice.kubernetes.io/managed-by': 'netaccept' } as const;
/** The Service of ours whose endpoints are ours to choose. */
export const LOCAL_SERVICE = 'netaccept-local';

export function daemonSetName(component: Component): string {
  return `netaccept-${component}`;
}
