import { expect, test } from 'vitest';
import { withClusterServices } from '../../../fixtures/topologies/cluster-services.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { withServices } from '../../../fixtures/topologies/with-services.ts';
import { checks } from '../../../src/checks/registry.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Case, Settings } from '../../../src/model.ts';
import { narrowed } from '../../../src/resume/narrowed.ts';
import { refit } from '../../../src/resume/refit.ts';

const topology = withClusterServices(withServices(dualStack(3)));
const matrix = (change?: (draft: Settings) => void) => expandMatrix(checks, topology, settings(change));
const all = matrix();
const ids = (cases: readonly Case[]) => cases.map(({ id }) => id);
const again = (asked: string[], known = all, now = all) => refit(known, now, new Set(asked), checks);

test('only what is asked for is run again, where nothing else bears witness', () => {
  const asked = all.filter(({ check, path }) => check === 'tcp' && path === 'node-to-pod').slice(3, 5);
  expect(again(ids(asked))).toEqual({ cases: asked, gone: [], replaced: [] });
});

test('with what must be blocked, everybody whom the same port may have answered', () => {
  const blocked = all.filter((entry) => entry.check === 'services' && entry.expect === 'blocked');
  const [entry] = blocked;
  if (entry === undefined) throw new Error('no blocked case');
  const { cases } = again([entry.id]);
  expect(ids(cases)).toContain(entry.id);
  expect(cases.length).toBeGreaterThan(1);
  for (const one of cases) {
    expect([one.check, one.about?.kind, one.about?.protocol, one.family]).toEqual([
      'services',
      entry.about?.kind,
      entry.about?.protocol,
      entry.family,
    ]);
    if (one.id !== entry.id) expect(one.expect).toBeUndefined();
  }
});

test('with every endpoint, all the flows in which it is looked for; with a flow, nothing else', () => {
  const every = all.find(({ about }) => about?.kind === 'every endpoint' && about.protocol === 'udp');
  const flows = all.filter(
    ({ about, family }) =>
      about?.kind === 'ClusterIP' && about.protocol === 'udp' && family === every?.family,
  );
  expect(flows).toHaveLength(6);
  expect(new Set(ids(again([every?.id ?? '']).cases))).toEqual(new Set([every?.id, ...ids(flows)]));
  expect(ids(again([flows[0]?.id ?? '']).cases)).toEqual([flows[0]?.id]);
});

test('with one fact of a Node, those of all: they are compared', () => {
  const facts = all.filter(({ check }) => check === 'node');
  expect(again([facts[4]?.id ?? '']).cases).toEqual(facts);
});

test('with what our NetworkPolicy must block, its controls before and after, of the same pair', () => {
  const own = matrix((draft) => {
    draft.policy.own = true;
    draft.only = ['policy'];
  });
  const enforced = own.find((entry) => entry.expect === 'blocked');
  if (enforced === undefined) throw new Error('no blocked case');
  const { cases } = again([enforced.id], own, own);
  expect(cases.map(({ about }) => about?.phase).sort()).toEqual(['before', 'enforced', 'lifted']);
  expect(
    new Set(cases.map(({ source, target, family }) => [source.node, target.node, family].join())),
  ).toHaveProperty('size', 1);
});

test('a port is asked about with what its Node says of itself', () => {
  const ports = matrix((draft) => {
    draft.udpPort.ports = [4789, 8472];
    draft.only = ['udp-port'];
  });
  const entry = ports.find(({ locality }) => locality === 'cross-node');
  if (entry === undefined) throw new Error('no pair');
  const { cases } = again([entry.id], ports, ports);
  expect(cases.map(({ source, target }) => [source.node, target.name])).toEqual([
    [entry.source.node, entry.target.name],
    [entry.target.node, entry.target.name],
  ]);
});

const moved = (entry: Case, from: string, to: string): Case => ({
  ...entry,
  id: entry.id.replace(`DNS pod on ${from}`, `DNS pod on ${to}`),
});
const dns = all.filter(({ check }) => check === 'dns');
const [place] = dns.flatMap(({ about }) => /^DNS pod on (.+)$/.exec(about?.server ?? '')?.[1] ?? []);

test('a DNS pod that moved: its new cases are run, its old ones are replaced', () => {
  if (place === undefined) throw new Error('no DNS pod');
  const now = dns.map((entry) => moved(entry, place, 'elsewhere'));
  const old = dns.filter((entry, index) => entry !== now[index] && entry.id !== now[index]?.id);
  const { cases, gone, replaced } = refit(dns, now, new Set([old[0]?.id ?? '']), checks);
  expect(gone).toEqual([]);
  expect(new Set(replaced)).toEqual(new Set(ids(old)));
  expect(new Set(ids(cases))).toEqual(
    new Set(old.map(({ id }) => id.replace(`DNS pod on ${place}`, 'DNS pod on elsewhere'))),
  );
});

test('a DNS pod that is gone for good: nobody can ask it, and it is not forgotten', () => {
  const now = dns.filter(({ about }) => about?.server !== `DNS pod on ${place}`);
  const { cases, gone, replaced } = refit(dns, now, new Set(), checks);
  expect([cases, replaced]).toEqual([[], []]);
  expect(new Set(gone)).toEqual(new Set(ids(dns.filter((entry) => !now.includes(entry)))));
  expect(gone).not.toEqual([]);
});

test('narrowed: only the checks with something to run again, on the paths that were chosen', () => {
  const recorded = settings((draft) => {
    draft.only = ['tcp', 'udp', 'pod-to-pod'];
    draft.skip = ['v6'];
  });
  const { only, skip } = narrowed(recorded, [{ check: 'udp' }], checks);
  expect([only, skip]).toEqual([['pod-to-pod', 'udp'], ['v6']]);
  expect(narrowed(settings(), [{ check: 'udp' }, { check: 'icmp' }], checks).only).toEqual(['udp', 'icmp']);
});
