import { readFileSync } from 'node:fs';
import type { V1PolicyRule } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifestsFolder } from '../../../src/kube/manifests.ts';
import { rightsFor, rightText } from '../../../src/kube/rights.ts';
import type { Settings } from '../../../src/model.ts';
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

test.each(['v1.34.2+k3s1', 'v1.35.0'])(
  'manifests/rbac grants every right that a run needs, on %s',
  (version) => {
    const policy = { own: true, settleMs: 0, blocked: [] };
    const selected = new Set(['services', 'dns', 'api-server', 'policy']);
    const needed = rightsFor(someSettings({ policy }), selected, version).map(
      ({ verb, group, resource, subresource, namespace }) =>
        `${namespace ?? '*'} ${verb} ${group}/${resource}${subresource === undefined ? '' : `/${subresource}`}`,
    );
    expect(granted).toEqual(expect.arrayContaining(needed));
  },
);

test('manifests/rbac grants nothing in the whole cluster but to look at Nodes', () => {
  expect(granted.filter((text) => text.startsWith('*'))).toEqual(['* list /nodes']);
});

test('only who makes a NetworkPolicy needs the right to', () => {
  const about = (own: boolean) =>
    rightsFor(someSettings({ policy: { own, settleMs: 0, blocked: [] } }), new Set(['policy'])).filter(
      ({ resource }) => resource === 'networkpolicies',
    );
  expect(about(false)).toEqual([]);
  expect(about(true).map(({ verb, namespace }) => `${verb} in ${namespace}`)).toEqual(
    ['create', 'patch', 'deletecollection'].map((verb) => `${verb} in netaccept`),
  );
});

test('an exec is a GET for API servers before 1.35', () => {
  const exec = (version: string) =>
    rightsFor(someSettings(), new Set(), version).flatMap((right) =>
      right.subresource === 'exec' ? [right.verb] : [],
    );
  expect(exec('v1.34.9')).toEqual(['get', 'get']);
  expect(exec('v1.35.4-eks-1')).toEqual(['create', 'create']);
});

test('what policy.blocked names is read, each thing once', () => {
  const rest = { protocol: 'tcp', from: 'pod', answersOn: '', payload: '' } as const;
  const db = { namespace: 'shop', service: 'db', port: 5432 };
  const blocked = [
    { ...rest, name: 'db', target: db },
    { ...rest, name: 'db again', target: { ...db, port: 5433 } },
    { ...rest, name: 'cache', target: { ...db, service: 'cache' } },
    { ...rest, name: 'far', target: { host: 'example.org', port: 1 } },
  ];
  const settings = someSettings({ policy: { own: false, settleMs: 0, blocked } });
  const inShop = (...selected: string[]) =>
    rightsFor(settings, new Set(selected))
      .filter(({ namespace }) => namespace === 'shop')
      .map(rightText);
  expect(inShop('tcp')).toEqual([]);
  expect(inShop('policy')).toEqual([
    'get services db in namespace shop',
    'list endpointslices.discovery.k8s.io in namespace shop',
    'get services cache in namespace shop',
  ]);
});

const ofServices = (selected: string[], named: Settings['services']['named'] = []) => {
  const settings = someSettings();
  const rights = rightsFor({ ...settings, services: { ...settings.services, named } }, new Set(selected));
  return rights.map(rightText).filter((text) => /(create|patch|list) (services|endpointslices)/.test(text));
};

test('rights for Services are asked for only where a check needs them, in the Namespaces that are named too', () => {
  const named = [{ service: 'shop/web:80' }, { service: 'bank/web:80' }, { service: 'shop/api:80' }];
  expect(ofServices(['tcp'], named)).toEqual([]);
  expect(ofServices(['policy'], named)).toEqual([]);
  expect(ofServices(['services'], named).slice(5)).toEqual([
    'list services in namespace bank',
    'list endpointslices.discovery.k8s.io in namespace bank',
    'list services in namespace shop',
    'list endpointslices.discovery.k8s.io in namespace shop',
  ]);
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
