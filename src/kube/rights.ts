import type { Settings } from '../model.ts';

export interface Right {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  /** Of the one object that it is about. */
  name?: string;
  /** What becomes of a run that lacks it, where it can do without; absent: it cannot. */
  without?: string;
}

type Where = Pick<Settings, 'namespace' | 'hostNamespace' | 'agents' | 'services' | 'dns' | 'policy'>;

/**
 * What netaccept itself needs for a run of the `selected` checks; manifests/rbac grants the same, but for Namespaces that
 * only the settings name. Namespaces that exist need not be created. `version` is the API server's.
 */
export function rightsFor(settings: Where, selected: ReadonlySet<string> = new Set(), version = ''): Right[] {
  const ownServices = selected.has('services') || selected.has('dns');
  const inEach = [...IN_EACH, execIsRead(version) ? 'get pods/exec' : 'create pods/exec'];
  return [
    right('list nodes'),
    ...namespacesOf(settings).flatMap((name) => [
      ...inEach.map((text) => right(text, name)),
      ...Object.entries(OF_USE_IN_EACH).map(([text, without]) => ({ ...right(text, name), without })),
    ]),
    ...[...IN_FIRST, ...(ownServices ? FOR_SERVICES : [])].map((text) => right(text, settings.namespace)),
    ...[
      ...(selected.has('services') ? namedNamespaces(settings) : []),
      ...(selected.has('dns') ? [settings.dns.namespace] : []),
    ].flatMap((name) => FOR_NAMED.map((text) => right(text, name))),
    ...(selected.has('dns') || selected.has('api-server') ? FOR_API_SERVER : []),
    ...(selected.has('policy') && settings.policy.own ? FOR_OWN_POLICY : []).map((text) =>
      right(text, settings.namespace),
    ),
    ...(selected.has('policy') ? forBlocked(settings) : []),
  ];
}

/** `policy.blocked` reads each Service by its name, and lists its EndpointSlices. */
function forBlocked({ policy }: Where): Right[] {
  const services = policy.blocked.flatMap(({ target }) => ('service' in target ? [target] : []));
  const rights = services.flatMap(({ namespace, service }) => [
    { ...right('get services', namespace), name: service },
    right('list endpointslices.discovery.k8s.io', namespace),
  ]);
  return [...new Map(rights.map((one) => [rightText(one), one])).values()];
}

/** A WebSocket starts as a GET, which is all that API servers before 1.35 look at. */
function execIsRead(version: string): boolean {
  const [, minor] = /^v1\.(\d+)/.exec(version) ?? [];
  return minor !== undefined && Number(minor) < 35;
}

export function namespacesOf({ namespace, hostNamespace, agents, services }: Where): string[] {
  const both = agents.hostNetwork || services.hostPort > 0;
  return [...new Set([namespace, ...(both ? [hostNamespace] : [])])];
}

/** Those of `services.named`, bytewise. */
export function namedNamespaces({ services }: Pick<Settings, 'services'>): string[] {
  return [...new Set(services.named.map(({ service }) => service.split('/', 1)[0] ?? ''))].sort();
}

export const CREATE_NAMESPACES: Right = { verb: 'create', group: '', resource: 'namespaces' };

/** `create daemonsets.apps in namespace netaccept`, as kubectl names resources. */
export function rightText({ verb, group, resource, subresource, namespace, name }: Right): string {
  const kind = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
  const what = name === undefined ? kind : `${kind} ${name}`;
  return namespace === undefined ? `${verb} ${what}` : `${verb} ${what} in namespace ${namespace}`;
}

const IN_EACH = [
  'get namespaces',
  'create daemonsets.apps',
  'patch daemonsets.apps',
  'deletecollection daemonsets.apps',
  'create serviceaccounts',
  'patch serviceaccounts',
  'deletecollection serviceaccounts',
  'get secrets',
  'create secrets',
  'patch secrets',
  'deletecollection secrets',
  'deletecollection services',
  'deletecollection endpointslices.discovery.k8s.io',
  'list pods',
];

const OF_USE_IN_EACH = {
  'watch pods': 'the agents are asked for again and again',
  'delete pods': 'agents on a Node that is dead cannot be removed',
  'list events': 'why an agent cannot be created is not told',
};

const IN_FIRST = [
  'get leases.coordination.k8s.io',
  'create leases.coordination.k8s.io',
  'update leases.coordination.k8s.io',
  'delete leases.coordination.k8s.io',
];

const FOR_SERVICES = [
  'create services',
  'patch services',
  'list endpointslices.discovery.k8s.io',
  'create endpointslices.discovery.k8s.io',
  'patch endpointslices.discovery.k8s.io',
];

const FOR_NAMED = ['list services', 'list endpointslices.discovery.k8s.io'];

const FOR_OWN_POLICY = [
  'create networkpolicies.networking.k8s.io',
  'patch networkpolicies.networking.k8s.io',
  'deletecollection networkpolicies.networking.k8s.io',
];

const FOR_API_SERVER: readonly Right[] = [
  { verb: 'get', group: '', resource: 'services', namespace: 'default', name: 'kubernetes' },
  { verb: 'list', group: 'discovery.k8s.io', resource: 'endpointslices', namespace: 'default' },
];

function right(text: string, namespace?: string): Right {
  const [, verb = '', resource = '', subresource, group = ''] =
    /^(\w+) (\w+)(?:\/(\w+))?(?:\.([\w.]+))?$/.exec(text) ?? [];
  return {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}
