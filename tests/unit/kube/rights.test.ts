import { readFileSync } from 'node:fs';
import type { V1PolicyRule } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifestsFolder } from '../../../src/kube/manifests.ts';
import { rightsFor } from '../../../src/kube/rights.ts';
import { someSettings } from './some-settings.ts';

const granted = ['clusterrole.yaml', 'role.yaml', 'role-host.yaml'].flatMap((file) =>
  parseAllDocuments(readFileSync(`${manifestsFolder()}rbac/${file}`, 'utf8')).flatMap((document) => {
    const { metadata, rules = [] } = document.toJS() as {
      metadata: { namespace?: string };
      rules?: V1PolicyRule[];
    };
    return rules.flatMap((rule) => combinations(rule).map((text) => `${metadata.namespace ?? '*'} ${text}`));
  }),
);

function combinations({ apiGroups = [], resources = [], verbs }: V1PolicyRule): string[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
  );
}

test('manifests/rbac grants every right that a run needs', () => {
  const policy = { own: true, settleMs: 0, blocked: [] };
  const needed = rightsFor(someSettings({ policy })).map(
    ({ verb, group, resource, subresource, namespace }) =>
      `${namespace ?? '*'} ${verb} ${group}/${resource}${subresource === undefined ? '' : `/${subresource}`}`,
  );
  expect(granted).toEqual(expect.arrayContaining(needed));
});

test('manifests/rbac grants nothing in the whole cluster but to look at Nodes', () => {
  expect(granted.filter((text) => text.startsWith('*'))).toEqual(['* get /nodes', '* list /nodes']);
});

test('only who makes a NetworkPolicy needs the right to', () => {
  const about = (own: boolean) =>
    rightsFor(someSettings({ policy: { own, settleMs: 0, blocked: [] } })).filter(
      ({ resource }) => resource === 'networkpolicies',
    );
  expect(about(false)).toEqual([]);
  expect(about(true).map(({ verb, namespace }) => `${verb} in ${namespace}`)).toEqual(
    ['create', 'patch', 'deletecollection'].map((verb) => `${verb} in netaccept`),
  );
});
