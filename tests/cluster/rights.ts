// Every single right that manifests give, and users that lack one of them.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1PolicyRule } from '@kubernetes/client-node';
import { parseAllDocuments, stringify } from 'yaml';
import { type Right, rightText } from '../../src/kube/rights.ts';
import { apply, kubectl } from './users.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const LABEL = 'netaccept-test';

interface Role {
  kind: 'Role' | 'ClusterRole';
  metadata: { name: string; namespace?: string };
  rules: V1PolicyRule[];
}

/** One verb on one resource, and the role that grants it. */
export interface SingleRight {
  right: Right;
  role: Role;
}

/** Of all roles in these files, below the checkout. */
export function singleRights(...files: string[]): SingleRight[] {
  return rolesIn(files).flatMap((role) =>
    role.rules.flatMap(({ apiGroups = [''], resources = [], resourceNames = [], verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((whole) =>
          verbs.flatMap((verb) => {
            const [resource = '', subresource] = whole.split('/');
            const { namespace } = role.metadata;
            const [name] = resourceNames;
            const right = {
              ...{ verb, group, resource },
              ...(subresource && { subresource }),
              ...(namespace && { namespace }),
              ...(name && { name }),
            };
            return [{ right, role }];
          }),
        ),
      ),
    ),
  );
}

/**
 * ServiceAccounts `lacks-0`, `lacks-1` … in Namespace default, each with every right of the files but the one of that
 * number. The files' own roles must be there.
 */
export async function usersThatLackOne(rights: readonly SingleRight[], files: string[]): Promise<void> {
  const users = rights.map((_, index) => `lacks-${index}`);
  const objects = [
    ...users.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(name, 'default') })),
    ...rolesIn(files).map((role) => {
      const have = users.filter((_, index) => !isSameRole(rights[index]?.role, role));
      return binding(role, `others-than-${role.metadata.name}`, have);
    }),
    ...rights.flatMap(({ right, role }, index) => {
      const own = { ...role, metadata: meta(`lacks-${index}`, role.metadata.namespace) };
      const rules = role.rules.flatMap((rule) => without(rule, right));
      return [{ ...own, rules }, binding(own, `lacks-${index}`, [`lacks-${index}`])];
    }),
  ];
  await apply(objects.map((object) => stringify(object)).join('---\n'), '--server-side');
}

export async function removeUsers(): Promise<void> {
  const kinds = 'serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings';
  await kubectl('delete', kinds, '-A', '-l', LABEL, '--ignore-not-found');
}

export function textOf({ right }: SingleRight): string {
  return rightText(right);
}

function rolesIn(files: readonly string[]): Role[] {
  return globSync([...files], { cwd: ROOT })
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(ROOT, file), 'utf8')))
    .map((document) => document.toJS() as Role)
    .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
}

function isSameRole(one: Role | undefined, other: Role): boolean {
  const { name, namespace } = other.metadata;
  return one?.metadata.name === name && one.metadata.namespace === namespace;
}

function without(rule: V1PolicyRule, { verb, group, resource, subresource }: Right): V1PolicyRule[] {
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  if (!(rule.resources?.includes(whole) && rule.apiGroups?.includes(group))) return [rule];
  const verbs = rule.verbs.filter((one) => one !== verb);
  return verbs.length === 0 ? [] : [{ ...rule, verbs }];
}

function binding(
  { kind, metadata }: Pick<Role, 'kind' | 'metadata'>,
  name: string,
  users: readonly string[],
) {
  const group = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${group}/v1`,
    kind: `${kind}Binding`,
    metadata: meta(name, metadata.namespace),
    roleRef: { apiGroup: group, kind, name: metadata.name },
    subjects: users.map((user) => ({ kind: 'ServiceAccount', name: user, namespace: 'default' })),
  };
}

function meta(name: string, namespace?: string) {
  return { name, ...(namespace && { namespace }), labels: { [LABEL]: 'rights' } };
}
