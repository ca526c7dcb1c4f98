import { readFileSync } from 'node:fs';
import type { V1PolicyRule } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifestsFolder } from '../../../src/kube/manifests.ts';
import { rightsFor, rightText } from '../../../src/kube/rights.ts';
import { someSettings } from './some-settings.ts';

const granted = [
  'clusterrole.yaml',
  'role.yaml',
  'role-host.yaml',
  'role-dns.yaml',
  'role-api-server.yaml',
].flatMap((file) =>
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
  const selected = new Set(['services', 'dns', 'api-server']);
  const needed = rightsFor(someSettings(), selected).map(
    ({ verb, group, resource, subresource, namespace }) =>
      `${namespace ?? '*'} ${verb} ${group}/${resource}${subresource === undefined ? '' : `/${subresource}`}`,
  );
  expect(granted).toEqual(expect.arrayContaining(needed));
});

test('manifests/rbac grants nothing in the whole cluster but to look at Nodes', () => {
  expect(granted.filter((text) => text.startsWith('*'))).toEqual(['* get /nodes', '* list /nodes']);
});

test('nothing is needed in Namespaces that the selected checks do not look at', () => {
  const elsewhere = (...selected: string[]) =>
    rightsFor(someSettings(), new Set(selected))
      .filter(({ namespace = '' }) => ['kube-system', 'default'].includes(namespace))
      .map(rightText);
  const forApiServer = [
    'get services kubernetes in namespace default',
    'list endpointslices.discovery.k8s.io in namespace default',
  ];
  expect(elsewhere('tcp', 'services')).toEqual([]);
  expect(elsewhere('api-server')).toEqual(forApiServer);
  expect(elsewhere('dns')).toEqual([
    'list services in namespace kube-system',
    'list endpointslices.discovery.k8s.io in namespace kube-system',
    ...forApiServer,
  ]);
});
