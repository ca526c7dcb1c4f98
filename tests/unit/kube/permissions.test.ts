// What is asked before a run, of an API server that says more or less about rights; tests/cluster/cronjob-each-right.test.ts
// has the real one.
import type { V1ResourceRule } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { connect } from '../../../src/kube/connect.ts';
import { isGranted } from '../../../src/kube/granted.ts';
import { requireRights } from '../../../src/kube/permissions.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';
import { someSettings } from './some-settings.ts';

const EVERYTHING: V1ResourceRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

test.each<[string, V1ResourceRule, boolean]>([
  ['everything', EVERYTHING, true],
  ['its verb', { ...EVERYTHING, verbs: ['get'] }, true],
  ['another verb', { ...EVERYTHING, verbs: ['list'] }, false],
  ['another group', { ...EVERYTHING, apiGroups: ['apps'] }, false],
  ['no resource at all', { verbs: ['get'] }, false],
  ['its subresource', { ...EVERYTHING, resources: ['pods/exec'] }, true],
  ['that subresource of anything', { ...EVERYTHING, resources: ['*/exec'] }, true],
  ['the resource itself', { ...EVERYTHING, resources: ['pods'] }, false],
  ['one by name', { ...EVERYTHING, resourceNames: ['mine'] }, false],
])('get pods/exec by a rule for %s: %s', (_, rule, granted) => {
  const right = { verb: 'get', group: '', resource: 'pods', subresource: 'exec' };
  expect(isGranted([{ ...rule }], right)).toBe(granted);
});

test('a rule for one object is not for another', () => {
  const rule = { ...EVERYTHING, resourceNames: ['kubernetes'] };
  const right = { verb: 'get', group: '', resource: 'services' };
  expect(isGranted([rule], { ...right, name: 'kubernetes' })).toBe(true);
  expect(isGranted([rule], { ...right, name: 'web' })).toBe(false);
});

test('who has every right is asked for in one request a Namespace', async () => {
  const { asked, warnings } = await required(() => [EVERYTHING]);
  expect(warnings).toEqual([]);
  expect(asked).toEqual(['rules of netaccept', 'rules of netaccept-host']);
});

test('what the list does not have is asked for: it may be incomplete', async () => {
  const { asked, warnings } = await required(
    () => [],
    () => true,
  );
  expect(warnings).toEqual([]);
  expect(asked.length).toBeGreaterThan(20);
});

test('what a run can do without is told', async () => {
  const { warnings } = await required(
    () => [],
    ({ resource }) => resource !== 'events',
  );
  expect(warnings).toEqual(
    ['netaccept', 'netaccept-host'].map(
      (name) =>
        `not allowed: list events in namespace ${name}; without it why an agent cannot be created is not told`,
    ),
  );
});

test('where nobody may ask what he may, the run goes on', async () => {
  const { warnings } = await required(() => 403);
  expect(warnings).toEqual([]);
});

interface Review {
  spec: { namespace?: string; resourceAttributes?: { verb: string; resource: string } };
}

async function required(
  rulesOf: (namespace: string) => V1ResourceRule[] | number,
  allowed: (right: { verb: string; resource: string }) => boolean = () => false,
) {
  const asked: string[] = [];
  const server = await fakeApiServer({
    async onRequest(request, response) {
      if (request.method === 'GET') return sendJson(response, 200, { metadata: { name: 'there' } });
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const { namespace = '', resourceAttributes } = (JSON.parse(text) as Review).spec;
      if (resourceAttributes !== undefined) {
        asked.push(`${resourceAttributes.verb} ${resourceAttributes.resource}`);
        return sendJson(response, 201, { status: { allowed: allowed(resourceAttributes) } });
      }
      asked.push(`rules of ${namespace}`);
      const rules = rulesOf(namespace);
      if (typeof rules === 'number') return sendJson(response, rules, { kind: 'Status', message: 'no' });
      return sendJson(response, 201, {
        status: { resourceRules: rules, nonResourceRules: [], incomplete: true },
      });
    },
  });
  const client = await connect({ kubeconfig: server.kubeconfig });
  const warnings = await requireRights(client, someSettings(), new Set(['tcp']));
  return { asked, warnings };
}
