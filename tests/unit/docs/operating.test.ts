import { globSync, readFileSync } from 'node:fs';
import type { V1PolicyRule } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { withClusterServices } from '../../../fixtures/topologies/cluster-services.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { withServices } from '../../../fixtures/topologies/with-services.ts';
import { checks } from '../../../src/checks/registry.ts';
import { keysOf } from '../../../src/config/keys.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Cause } from '../../../src/model/seen.ts';
import type { FindingKind } from '../../../src/model.ts';
import { REPORT_NAMES } from '../../../src/run/report-names.ts';
import { knownNames } from '../../../src/suite/names.ts';
import { between, blocksOf, codeIn, readPage, rowsOf } from './pages.ts';

const ROOT = new URL('../../../', import.meta.url);

const RUNNER = [...globSync('manifests/rbac/*.yaml', { cwd: ROOT.pathname }), 'cronjob/base/rbac.yaml'];
const PIPELINE = ['cronjob/components/ci/rbac.yaml'];

/** Complete by its type: a new kind does not compile before it stands here, and is red before it is documented. */
const KINDS: Record<FindingKind, true> = {
  everywhere: true,
  node: true,
  'node-in': true,
  'node-out': true,
  'node-itself': true,
  pair: true,
  'one-way': true,
  'overlay-one-way': true,
  'packets-one-way': true,
  'packets-in': true,
  'packets-out': true,
  consequence: true,
  zones: true,
  target: true,
  'wrong-responder': true,
  'cannot-tell': true,
  mixed: true,
};

const CAUSES: Record<Cause, true> = {
  'no-agent': true,
  'no-target-agent': true,
  'target-gone': true,
  'exec-broken': true,
  'batch-aborted': true,
  deadline: true,
  interrupted: true,
  'probe-crashed': true,
  'local-fault': true,
  'no-reply': true,
  'not-run': true,
};

test.each(['docs/operating.md', 'docs/zh-CN/operating.md'])(
  '%s: the tables are what the code says',
  (path) => {
    const page = readPage(path);
    const firstOf = (name: string) => rowsOf(between(page, name)).map(([first = '']) => codeIn(first)[0]);
    expect(firstOf('findings').sort()).toEqual(Object.keys(KINDS).sort());
    expect(firstOf('causes').sort()).toEqual(Object.keys(CAUSES).sort());
    expect(documentedRights(page, 'rights').sort()).toEqual(grantedRights(RUNNER).sort());
    expect(documentedRights(page, 'rights of a pipeline').sort()).toEqual(grantedRights(PIPELINE).sort());
  },
);

test.each(['docs/operating.md', 'docs/zh-CN/operating.md'])(
  '%s: the sizes are those of the matrix',
  (path) => {
    const rows = rowsOf(between(readPage(path), 'sizes')).map((cells) =>
      cells.map((cell) => Number(cell.replaceAll(' ', ''))),
    );
    expect(rows.map(([nodes]) => nodes)).toEqual([4, 10, 30, 100]);
    expect(rows.map(([, , requests]) => requests)).toEqual(rows.map(([nodes = 0]) => 6 * nodes + 30));
    // The largest is that of README's 530 000: half a million cases are too many for a test of words.
    for (const [nodes = 0, cases] of rows.slice(0, 3)) {
      const topology = withClusterServices(withServices(dualStack(nodes)));
      expect(expandMatrix(checks, topology, settings())).toHaveLength(cases ?? 0);
    }
  },
);

test.each(['docs/operating.md', 'docs/coming-from.md'])('%s: the settings that it names exist', (path) => {
  const known = keysOf(configSchema(knownNames)).map((key) => key.path.join('.'));
  const reports: readonly string[] = REPORT_NAMES;
  const sections = new Set(known.map((key) => key.split('.', 1)[0]));
  const named = codeIn(readPage(path).replace(/```[\s\S]*?```/g, '')).filter(
    (code) => /^\w+(\.\w+)+$/.test(code) && sections.has(code.split('.', 1)[0]) && !reports.includes(code),
  );
  expect(named.length).toBeGreaterThan(5);
  const exists = (name: string) => known.some((key) => key === name || key.startsWith(`${name}.`));
  expect(named.filter((name) => !exists(name))).toEqual([]);
});

test('the alerts ask for metrics that there are', () => {
  const rules = blocksOf(readPage('docs/operating.md'), 'yaml').flatMap((text) => {
    const { groups = [] } = parse(text) as { groups?: { rules: { expr: string }[] }[] };
    return groups.flatMap((group) => group.rules);
  });
  expect(rules.length).toBeGreaterThan(3);
  const source = readFileSync(new URL('src/report/metrics.ts', ROOT), 'utf8');
  for (const { expr } of rules) {
    for (const [, name] of expr.matchAll(/netaccept_(\w+)/g)) expect(source).toContain(`'${name}'`);
  }
});

/** `netaccept get pods/exec`, `* list nodes`, `default get services kubernetes`. */
function documentedRights(page: string, table: string): string[] {
  return rowsOf(between(page, table)).flatMap(([where = '', on = '', may = '']) => {
    const [namespace = '*'] = codeIn(where);
    return may.split(/, |、/).map((verb) => `${namespace} ${verb} ${codeIn(on).join(' ')}`);
  });
}

function grantedRights(files: readonly string[]): string[] {
  const documents = files.flatMap((file) => parseAllDocuments(readFileSync(new URL(file, ROOT), 'utf8')));
  return documents.flatMap((document) => {
    const {
      kind,
      metadata,
      rules = [],
    } = document.toJS() as {
      kind: string;
      metadata?: { namespace?: string };
      rules?: V1PolicyRule[];
    };
    if (kind !== 'Role' && kind !== 'ClusterRole') return [];
    return rules.flatMap((rule) => rightsOf(metadata?.namespace ?? '*', rule));
  });
}

function rightsOf(
  namespace: string,
  { apiGroups = [], resources = [], resourceNames = [], verbs }: V1PolicyRule,
) {
  const names = resourceNames.length === 0 ? [''] : resourceNames.map((name) => ` ${name}`);
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name) => `${namespace} ${verb} ${resource}${group === '' ? '' : `.${group}`}${name}`),
      ),
    ),
  );
}
