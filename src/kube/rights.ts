import type { Settings } from '../model.ts';

export interface Right {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
}

type Where = Pick<Settings, 'namespace' | 'hostNamespace' | 'agents'>;

/** What netaccept itself needs for a run; manifests/rbac grants the same. Namespaces that exist need not be created. */
export function rightsFor(settings: Where): Right[] {
  return [
    right('list nodes'),
    ...namespacesOf(settings).flatMap((name) => IN_EACH.map((text) => right(text, name))),
    ...IN_FIRST.map((text) => right(text, settings.namespace)),
  ];
}

export function namespacesOf({ namespace, hostNamespace, agents }: Where): string[] {
  return [...new Set([namespace, ...(agents.hostNetwork ? [hostNamespace] : [])])];
}

export const CREATE_NAMESPACES: Right = { verb: 'create', group: '', resource: 'namespaces' };

/** `create daemonsets.apps in namespace netaccept`, as kubectl names resources. */
export function rightText({ verb, group, resource, subresource, namespace }: Right): string {
  const kind = `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
  return namespace === undefined ? `${verb} ${kind}` : `${verb} ${kind} in namespace ${namespace}`;
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
  'list pods',
  'watch pods',
  'create pods/exec',
];

const IN_FIRST = [
  'get leases.coordination.k8s.io',
  'create leases.coordination.k8s.io',
  'update leases.coordination.k8s.io',
  'delete leases.coordination.k8s.io',
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
