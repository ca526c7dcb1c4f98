import { describe, expect, test } from 'vitest';
import { withClusterServices } from '../../../fixtures/topologies/cluster-services.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { apiServer } from '../../../src/checks/api-server.ts';
import type { ApiServerFound } from '../../../src/checks/shared/api-server/attempt.ts';
import type { Look } from '../../../src/checks/shared/check.ts';
import type { Attempt, Case, Topology } from '../../../src/model.ts';

const healthy = withClusterServices(dualStack(2));
const defaults = settings();
const VIP = 'pod-to-api-server/api-server/v4 node-2 → VIP';
const ENDPOINT = 'node-to-api-server/api-server/v4 node-2 → endpoint on node-1';

/** With the API server at these addresses, each its own endpoint. */
function withEndpoints(addresses: string[]): Topology {
  const services = healthy.services.map((service) =>
    service.role === 'api-server'
      ? {
          ...service,
          endpoints: addresses.map((address) => ({ address, family: 'v4' as const, ready: true })),
        }
      : service,
  );
  return { ...healthy, services };
}

function caseNamed(id: string, topology = healthy): Case {
  const found = apiServer.expand(topology, defaults).find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
}

describe('the cases', () => {
  test('every pod and Node asks the VIP and each endpoint, named by its Node', () => {
    expect(apiServer.expand(healthy, defaults).map(({ id }) => id)).toEqual(
      [1, 2].flatMap((rank) =>
        ['pod', 'node'].flatMap((network) =>
          ['VIP', 'endpoint on node-1'].map(
            (target) => `${network}-to-api-server/api-server/v4 node-${rank} → ${target}`,
          ),
        ),
      ),
    );
    expect(caseNamed(ENDPOINT)).toMatchObject({
      target: { node: 'node-1', network: 'host' },
      locality: 'cross-node',
    });
  });

  test('an endpoint that is no Node under test has a number', () => {
    const topology = withEndpoints(['192.0.2.9', '172.30.0.3', '192.0.2.8']);
    const names = new Set(apiServer.expand(topology, defaults).map(({ target }) => target.name));
    expect(names).toEqual(new Set(['VIP', 'endpoint on node-2', 'endpoint 1', 'endpoint 2']));
    const aim = apiServer.aim(caseNamed(ENDPOINT.replace('on node-1', '1'), topology), topology);
    expect(aim).toMatchObject({ address: '192.0.2.8' });
  });

  test('a dual-stack Service is asked over both families', () => {
    const services = healthy.services.map((service) =>
      service.role === 'api-server'
        ? { ...service, clusterIPs: { v4: '10.96.0.1', v6: 'fd00:10:96::1' } }
        : service,
    );
    const entry = caseNamed(VIP.replace('v4', 'v6'), { ...healthy, services });
    expect(apiServer.aim(entry, { ...healthy, services })).toMatchObject({ address: 'fd00:10:96::1' });
  });

  test('without an address to ask, every source says so', () => {
    const topology = { ...healthy, services: [] };
    const cases = apiServer.expand(topology, defaults);
    expect(cases.map(({ id }) => id)).toHaveLength(4);
    for (const entry of cases) {
      expect(apiServer.aim(entry, topology)).toEqual({ kind: 'derived' });
      expect(apiServer.judge(entry, undefined, look(topology))).toMatchObject({ verdict: 'errored' });
    }
  });

  test('without host-network agents theirs are skipped', () => {
    const without = settings((draft) => {
      draft.agents.hostNetwork = false;
    });
    const skipped = apiServer.expand(healthy, without).filter(({ skip }) => skip !== undefined);
    expect(skipped.map(({ path }) => path)).toEqual(Array(4).fill('node-to-api-server'));
  });
});

describe('the aim', () => {
  test.each([
    [VIP, { address: '10.96.0.1', port: 443, count: 1 }],
    [ENDPOINT, { address: '172.30.0.2', port: 6443, count: 1 }],
  ])('of %s', (id, aim) => {
    expect(apiServer.aim(caseNamed(id), healthy)).toEqual({ kind: 'probe', expect: [], ...aim });
  });

  test.each([
    [1, 1],
    [2, 10],
    [3, 10],
  ])('behind %i API servers it takes %i connections to meet each of them', (servers, count) => {
    const topology = withEndpoints(['172.30.0.2', '172.30.0.3', '172.30.0.4'].slice(0, servers));
    expect(apiServer.aim(caseNamed(VIP, topology), topology)).toMatchObject({ count });
  });

  test('without an agent nothing is sent', () => {
    const topology = { ...healthy, agents: [] };
    expect(apiServer.aim(caseNamed(VIP), topology)).toMatchObject({ attempt: { cause: 'no-agent' } });
  });
});

function look(topology: Topology): Look {
  return {
    topology,
    settings: defaults,
    cases: [],
    seen: () => undefined,
    agentsAfter: undefined,
    nodesAfter: undefined,
    once: (_key, make) => make(),
  };
}

describe('the judgement', () => {
  const certificate = {
    subject: 'CN=node-3',
    issuer: 'CN=node-3-ca',
    names: 'DNS:node-3',
    validFrom: 'Jan  1 00:00:00 2026 GMT',
    validTo: 'Jan  1 00:00:00 2027 GMT',
  };
  const shown =
    'subject CN=node-3, issuer CN=node-3-ca, for DNS:node-3, valid Jan  1 00:00:00 2026 GMT to Jan  1 00:00:00 2027 GMT';

  test.each<[string, Attempt['outcome'], ApiServerFound, Partial<Attempt>, string]>([
    [
      'proof',
      'reached',
      { right: 1, status: 200, version: 'v1.35.4', certificate },
      { rttMs: 2 },
      "passed (proof): the API server's VIP (10.96.0.1:443) proved who it is (HTTP 200, v1.35.4) in 2.00 ms",
    ],
    [
      'a refusal of the request',
      'reached',
      { right: 1, status: 403, certificate },
      {},
      "passed (proof): the API server's VIP (10.96.0.1:443) proved who it is (HTTP 403)",
    ],
    [
      'a foreign CA',
      'wrong-answer',
      { right: 0, untrusted: 'SELF_SIGNED_CERT_IN_CHAIN', certificate },
      {},
      `failed (wrong-answer): the API server's VIP (10.96.0.1:443) is answered by somebody else: its certificate does not come from the cluster's CA (SELF_SIGNED_CERT_IN_CHAIN): ${shown}`,
    ],
    [
      'a foreign name',
      'wrong-answer',
      { right: 2, untrusted: 'ERR_TLS_CERT_ALTNAME_INVALID', certificate },
      {},
      `failed (wrong-answer): the API server's VIP (10.96.0.1:443) is answered by somebody else: its certificate comes from the cluster's CA, but is not for kubernetes.default.svc (ERR_TLS_CERT_ALTNAME_INVALID): ${shown}; 2 other connections were answered rightly`,
    ],
    [
      'silence',
      'timed-out',
      { right: 0 },
      { detail: 'no connection' },
      "failed (timed-out): no answer from the API server's VIP (10.96.0.1:443) (no connection)",
    ],
    [
      'an agent that claims to have reached it',
      'reached',
      { right: 1 },
      {},
      "failed (mismatch): no proof from the API server's VIP (10.96.0.1:443), after 1 right answers to other connections",
    ],
    [
      'an agent that shows a foreign certificate as its proof',
      'reached',
      { right: 1, status: 200, untrusted: 'X', certificate },
      {},
      `failed (mismatch): the API server's VIP (10.96.0.1:443) is answered by somebody else: its certificate does not come from the cluster's CA (X): ${shown}; 1 other connections were answered rightly`,
    ],
  ])('%s', (_what, outcome, found, more, expected) => {
    const ruling = apiServer.judge(caseNamed(VIP), { outcome, found, ...more }, look(healthy));
    expect(`${ruling.verdict} (${ruling.reason}): ${ruling.sentence}`).toBe(expected);
  });
});
