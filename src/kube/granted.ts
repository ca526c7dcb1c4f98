import type { V1ResourceRule } from '@kubernetes/client-node';
import type { Right } from './rights.ts';

/** Whether one of these rules grants it: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources */
export function isGranted(rules: readonly V1ResourceRule[], right: Right): boolean {
  const { verb, group, resource, subresource, name } = right;
  const resources =
    subresource === undefined ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  return rules.some(
    ({ verbs, apiGroups = [], resources: of = [], resourceNames = [] }) =>
      has(verbs, verb) &&
      has(apiGroups, group) &&
      has(of, ...resources) &&
      (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name))),
  );
}

function has(granted: readonly string[], ...wanted: readonly string[]): boolean {
  return granted.includes('*') || wanted.some((one) => granted.includes(one));
}
