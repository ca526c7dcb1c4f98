import { expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { endpointsOf, serviceOf, withServices } from '../../../fixtures/topologies/with-services.ts';
import { services } from '../../../src/checks/services.ts';
import type { Agent, Attempt, CaseVerdict, Identity, Probe, Topology } from '../../../src/model.ts';
import { judgedBy } from './judged.ts';

const four = withServices(dualStack(4));
const chosen = settings();

/** Whoever holds an address of ours, and for a Service's address the agents in turn. */
function healthy(probe: Probe, source: Agent, topology = four): Attempt {
  const ask = probe.ask as { how: string; inTurn?: boolean; name?: string };
  const probers = topology.agents.filter(({ network, role }) => network === 'pod' && role === 'prober');
  const who = ({ node, pod, uid }: Agent): Identity => ({ node, pod, uid });
  if (ask.how === 'resolve') {
    const addresses = probers.flatMap((agent) => agent.addresses[probe.family ?? 'v4'] ?? []);
    return { outcome: 'reached', found: { addresses } };
  }
  if (ask.how === 'flows') {
    const met = ask.inTurn ? probers.slice(0, 1) : probers;
    const by = Object.fromEntries(met.map(({ uid }) => [uid, 1]));
    const found = { flows: probe.count, answered: probe.count, by };
    return { outcome: 'reached', sent: probe.count, received: probe.count, responders: met.map(who), found };
  }
  const shut =
    probe.port >= 30_030 &&
    probe.port < 30_040 &&
    !probe.address.endsWith(':2') &&
    !probe.address.endsWith('.2');
  if (shut) return { outcome: 'timed-out' };
  const answers = probers.find(({ uid }) => probe.expect.length === 0 || probe.expect.includes(uid));
  const own = source.addresses[probe.family ?? 'v4'] ?? '';
  const responder = answers === undefined ? {} : { responder: who(answers) };
  return {
    outcome: 'reached',
    sent: probe.count,
    received: probe.count,
    ...responder,
    seen: own,
    found: { from: own },
  };
}

const run = (answer: (probe: Probe, source: Agent) => Attempt | undefined, topology = four, more = chosen) =>
  judgedBy(services, { topology, settings: more, answer });

const not = (verdict: string, verdicts: Map<string, CaseVerdict>) =>
  [...verdicts].flatMap(([id, one]) => (one.verdict === verdict ? [] : [id]));

const says = (verdicts: Map<string, CaseVerdict>, id: string) => {
  const found = verdicts.get(id);
  expect(found, id).toBeDefined();
  return [found?.verdict, found?.reason, found?.sentence];
};

test.each([1, 2, 4, 7])('%i dual-stack Nodes: 6N² + 10N + 5 cases for each family, once each', (count) => {
  const cases = services.expand(withServices(dualStack(count)), chosen);
  // Session affinity has nothing to choose from on one Node.
  const alone = count === 1 ? 2 : 0;
  expect(cases).toHaveLength(2 * (6 * count ** 2 + 10 * count + 5 - alone));
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  expect(JSON.stringify(cases)).not.toMatch(/10\.(244|96)\.|fd00/);
});

test('of a healthy cluster every case passes, and the sentences say by whom', () => {
  const verdicts = run(healthy);
  expect(not('passed', verdicts)).toEqual([]);
  expect(says(verdicts, 'pod-to-service/services/v4 node-1 → ClusterIP tcp netaccept/netaccept')[2]).toBe(
    '14 of 14 flows answered, by 4 of 4 ready endpoints',
  );
  expect(
    says(verdicts, 'pod-to-service/services/v6 node-1 → every endpoint udp netaccept/netaccept')[2],
  ).toBe('each of 4 ready endpoints answered, in 112 flows');
  expect(
    says(
      verdicts,
      'node-to-service/services/v4 node-3 → NodePort Local tcp netaccept/netaccept-local of node-2',
    )[2],
  ).toBe('silent (timed-out), as it must be: it answered node-2 where the endpoint is');
});

test('nobody of ours reported: everything is errored, and nothing passes', () => {
  expect(
    not(
      'errored',
      run(() => undefined),
    ),
  ).toEqual([]);
});

test('everything is silent: what is blocked has no witness, the rest fails', () => {
  const verdicts = run((probe) =>
    (probe.ask as { how: string }).how === 'flows'
      ? {
          outcome: 'timed-out',
          sent: probe.count,
          received: 0,
          found: { flows: probe.count, answered: 0, by: {} },
        }
      : { outcome: 'timed-out' },
  );
  expect([...verdicts.values()].filter(({ verdict }) => verdict === 'passed')).toEqual([]);
  const errored = [...verdicts.values()].filter(({ verdict }) => verdict === 'errored');
  expect(new Set(errored.map(({ reason }) => reason))).toEqual(new Set(['no-witness', 'too-little']));
  expect(errored).toHaveLength(2 * (2 * 3 ** 2 + 3));
});

test('one flow of many that is not answered fails the case, and says how many and why', () => {
  const id = 'pod-to-service/services/v4 node-1 → ClusterIP tcp netaccept/netaccept';
  const verdicts = run((probe, source) => ({
    ...healthy(probe, source),
    ...(probe.case === id
      ? { outcome: 'timed-out' as const, detail: '2 of 14 flows: timed-out (no connection)' }
      : {}),
  }));
  expect(not('passed', verdicts)).toEqual([id]);
  expect(says(verdicts, id)).toEqual([
    'failed',
    'timed-out',
    'no answer from ClusterIP tcp netaccept/netaccept (2 of 14 flows: timed-out (no connection))',
  ]);
});

test('an agent that says reached without saying by whom is not believed', () => {
  const verdicts = run(
    (probe) => ({ outcome: 'reached', sent: probe.count, received: probe.count }),
    withHostPorts(),
    withPort,
  );
  expect([...verdicts.values()].filter(({ verdict }) => verdict === 'passed')).toEqual([]);
});

test('an answer by a pod that is no endpoint is a wrong responder, named', () => {
  const id = 'pod-to-service/services/v4 node-1 → ClusterIP http netaccept/netaccept';
  const peer = { node: 'node-3', pod: 'pod-peer-3', uid: 'uid-pod-peer-3' };
  const verdicts = run((probe, source) => {
    const attempt = healthy(probe, source);
    return probe.case === id ? { ...attempt, responders: [...(attempt.responders ?? []), peer] } : attempt;
  });
  expect(not('passed', verdicts)).toEqual([id]);
  expect(says(verdicts, id)).toEqual([
    'failed',
    'wrong-responder',
    'answered by pod pod-peer-3 on node-3, which is no ready endpoint of netaccept/netaccept',
  ]);
});

const withoutEndpoint =
  (uid: string, share = 1) =>
  (probe: Probe, source: Agent) => {
    const attempt = healthy(probe, source);
    const isFlows =
      (probe.ask as { how: string; protocol: string }).how === 'flows' && attempt.responders?.length !== 1;
    if (!isFlows) return attempt;
    const responders = attempt.responders?.filter((one) => one.uid !== uid) ?? [];
    const by = Object.fromEntries(responders.map((one) => [one.uid, 1]));
    const flows = Math.ceil(probe.count * share);
    return { ...attempt, responders, found: { flows, answered: flows, by } };
  };

test('a ready endpoint that answers nobody is named, although every case with flows passed', () => {
  const verdicts = run(withoutEndpoint('uid-pod-prober-4'));
  expect(not('passed', verdicts)).toHaveLength(6);
  expect(
    says(verdicts, 'pod-to-service/services/v4 node-1 → every endpoint tcp netaccept/netaccept'),
  ).toEqual(['failed', 'mismatch', 'pod pod-prober-4 on node-4 answered none of 112 flows']);
});

test('with too few flows nobody can tell whether an endpoint is left out', () => {
  const id = 'pod-to-service/services/v4 node-1 → every endpoint tcp netaccept/netaccept';
  expect(says(run(withoutEndpoint('uid-pod-prober-4', 0.4)), id)).toEqual([
    'errored',
    'too-little',
    'pod pod-prober-4 on node-4 answered none of 48 flows: too few to tell whether it is left out',
  ]);
});

test.each([1, 2, 3, 4, 10, 25])('with %i endpoints the sources of half the run are enough', (count) => {
  const topology = withServices(dualStack(count));
  const half = (probe: Probe, source: Agent) =>
    source.network === 'pod' ? healthy(probe, source, topology) : { outcome: 'timed-out' as const };
  const one = dualStack(count).agents.find(({ pod }) => pod === 'pod-prober-1')?.uid ?? '';
  const verdicts = run((probe, source) => {
    const attempt = half(probe, source);
    if (count === 1 || (probe.ask as { how: string }).how !== 'flows' || source.network === 'host')
      return attempt;
    return withoutEndpoint(one)(probe, source);
  }, topology);
  const reasons = [...verdicts]
    .filter(([id]) => id.includes('every endpoint'))
    .map(([, { reason }]) => reason);
  expect(new Set(reasons)).toEqual(new Set([count === 1 ? 'proof' : 'mismatch']));
});

test('a ready agent that the API does not list as an endpoint is named', () => {
  const topology = structuredClone(four);
  for (const service of topology.services)
    service.endpoints = service.endpoints.filter(({ node }) => node !== 'node-4');
  const verdicts = run((probe, source) => withoutEndpoint('uid-pod-prober-4')(probe, source), topology);
  expect(
    says(verdicts, 'pod-to-service/services/v4 node-1 → every endpoint tcp netaccept/netaccept'),
  ).toEqual([
    'failed',
    'mismatch',
    'pod pod-prober-4 on node-4: ready, but not a ready endpoint of netaccept/netaccept',
  ]);
});

test('no ready endpoint at all: errored everywhere, never passed', () => {
  const topology = structuredClone(four);
  for (const agent of topology.agents)
    if (agent.network === 'pod' && agent.role === 'prober') agent.ready = false;
  for (const service of topology.services) service.endpoints = [];
  expect(
    not(
      'errored',
      run((probe, source) => healthy(probe, source, topology), topology),
    ),
  ).toEqual([]);
});

test('an endpoint that was deleted during the run: nobody can tell whose fault it was', () => {
  const id = 'pod-to-service/services/v4 node-1 → ClusterIP tcp netaccept/netaccept';
  const verdicts = judgedBy(services, {
    topology: four,
    settings: chosen,
    answer: (probe, source) => (probe.case === id ? { outcome: 'timed-out' } : healthy(probe, source)),
    agentsAfter: four.agents.filter(({ pod }) => pod !== 'pod-prober-4'),
  });
  expect(says(verdicts, id)).toEqual([
    'errored',
    'target-gone',
    'an endpoint of netaccept/netaccept did not live through the run (pod pod-prober-4 was deleted during the run)',
  ]);
});

test('headless: what DNS leaves out and what it makes up are named', () => {
  const id = 'node-to-service/services/v4 node-2 → headless netaccept/netaccept-headless';
  const addresses = ['10.244.1.2', '10.244.2.2', '10.244.3.2', '10.9.9.9'];
  const verdicts = run((probe, source) =>
    probe.case === id ? { outcome: 'reached', found: { addresses } } : healthy(probe, source),
  );
  expect(not('passed', verdicts)).toEqual([id]);
  expect(says(verdicts, id)).toEqual([
    'failed',
    'mismatch',
    'the name of netaccept/netaccept-headless is not its ready endpoints: missing 10.244.4.2 (pod pod-prober-4 on node-4); surplus 10.9.9.9',
  ]);
});

test('session affinity: a second endpoint is named with the first', () => {
  const id = 'pod-to-service/services/v4 node-2 → session affinity tcp netaccept/netaccept-sticky';
  const verdicts = run((probe, source) => {
    const attempt = healthy(probe, source);
    const second = { node: 'node-2', pod: 'pod-prober-2', uid: 'uid-pod-prober-2' };
    return probe.case === id ? { ...attempt, responders: [...(attempt.responders ?? []), second] } : attempt;
  });
  expect(not('passed', verdicts)).toEqual([id]);
  expect(says(verdicts, id)).toEqual([
    'failed',
    'mismatch',
    'one client was answered by pod pod-prober-1 on node-1 and by pod pod-prober-2 on node-2, though netaccept/netaccept-sticky has sessionAffinity ClientIP',
  ]);
});

const localId = (from: string, to: string) =>
  `node-to-service/services/v4 ${from} → NodePort Local tcp netaccept/netaccept-local of ${to}`;

test('Local: a Node without endpoint that answers is not blocked', () => {
  const peer = { node: 'node-1', pod: 'pod-prober-1', uid: 'uid-pod-prober-1' };
  const verdicts = run((probe, source) =>
    probe.case === localId('node-3', 'node-2')
      ? { outcome: 'reached', responder: peer }
      : healthy(probe, source),
  );
  expect(not('passed', verdicts)).toEqual([localId('node-3', 'node-2')]);
  expect(says(verdicts, localId('node-3', 'node-2')).slice(0, 2)).toEqual(['failed', 'not-blocked']);
});

test('Local: another program that answers is not blocked either; a source that may not send proves nothing', () => {
  const verdicts = run((probe, source) => {
    if (probe.case === localId('node-3', 'node-2')) return { outcome: 'wrong-answer', detail: '"SSH"' };
    if (probe.case === localId('node-4', 'node-2')) return { outcome: 'prohibited', detail: 'EPERM connect' };
    return healthy(probe, source);
  });
  expect(says(verdicts, localId('node-3', 'node-2')).slice(0, 2)).toEqual(['failed', 'not-blocked']);
  expect(says(verdicts, localId('node-4', 'node-2')).slice(0, 2)).toEqual(['failed', 'prohibited']);
});

test('Local: what only pods reached is no witness for Nodes', () => {
  const verdicts = run((probe, source) =>
    source.network === 'host' && probe.case.includes('of node-1') && probe.case.includes('Local')
      ? { outcome: 'timed-out' }
      : healthy(probe, source),
  );
  expect(says(verdicts, localId('node-3', 'node-2')).slice(0, 2)).toEqual(['errored', 'no-witness']);
});

test('Local: a client address that was rewritten fails, from Nodes; pods are masqueraded on purpose', () => {
  const rewritten = (probe: Probe, source: Agent) => ({ ...healthy(probe, source), seen: '10.244.1.1' });
  const failed = not('passed', run(rewritten));
  expect(new Set(failed.map((id) => id.split(' ')[0]))).toEqual(
    new Set(['node-to-service/services/v4', 'node-to-service/services/v6']),
  );
  expect(failed).toHaveLength(2 * 2 * 3);
  expect(says(run(rewritten), localId('node-2', 'node-1'))[2]).toBe(
    "the client's address was not kept: sent from 172.30.0.3, seen as 10.244.1.1",
  );
});

test('Local: where the data plane answers on every Node on purpose, those cases are skipped with that reason', () => {
  const open = settings((draft) => {
    draft.services.localBlocked = false;
  });
  const verdicts = run(healthy, four, open);
  const skipped = [...verdicts.values()].filter(({ verdict }) => verdict === 'skipped');
  expect(skipped).toHaveLength(2 * 2 * 3 ** 2);
  expect(skipped[0]?.sentence).toContain('services.localBlocked');
});

test('without the host network only pods ask, and the rest says why not', () => {
  const podsOnly = settings((draft) => {
    draft.agents.hostNetwork = false;
  });
  const topology = { ...four, agents: four.agents.filter(({ network }) => network === 'pod') };
  const verdicts = run((probe, source) => healthy(probe, source, topology), topology, podsOnly);
  const skipped = [...verdicts.values()].filter(({ verdict }) => verdict === 'skipped');
  expect(new Set(skipped.map((one) => one.case.path))).toEqual(new Set(['node-to-service']));
  expect(
    [...verdicts.values()].filter(({ verdict }) => verdict === 'errored' || verdict === 'failed'),
  ).toEqual([]);
});

test('a Node without an agent gives errored cases, never fewer', () => {
  const topology = structuredClone(four);
  for (const agent of topology.agents)
    if (agent.node === 'node-2' && agent.network === 'host') agent.ready = false;
  const verdicts = run((probe, source) => healthy(probe, source), topology);
  expect(verdicts.size).toBe(282);
  expect(not('passed', verdicts)).toEqual(
    [...verdicts.keys()].filter((id) => id.startsWith('node-to-service') && id.includes(' node-2 →')),
  );
});

function withHostPorts(): Topology {
  const agents = dualStack(4).nodes.map(({ name: node }, index): Agent => {
    const pod = `host-port-${index + 1}`;
    const place = { node, network: 'pod' as const, role: 'host-port' as const, namespace: 'netaccept-host' };
    const addresses = { v4: `10.244.${index + 1}.9`, v6: `fd00:244:${index + 1}::9` };
    return { ...place, pod, uid: `uid-${pod}`, addresses, ready: true, restarts: 0 };
  });
  return { ...four, agents: [...four.agents, ...agents] };
}

const withPort = settings((draft) => {
  draft.services.hostPort = 29_804;
});

test('hostPort: from every source to every Node, that Node’s own pod and no other', () => {
  const topology = withHostPorts();
  const holder = (probe: Probe) => topology.agents.find(({ uid }) => probe.expect.includes(uid));
  const answer = (probe: Probe, source: Agent): Attempt => {
    const agent = holder(probe);
    return agent?.role === 'host-port'
      ? { outcome: 'reached', responder: { node: agent.node, pod: agent.pod, uid: agent.uid } }
      : healthy(probe, source);
  };
  const verdicts = run(answer, topology, withPort);
  expect(verdicts.size).toBe(282 + 2 * 2 * 8 * 4);
  expect(not('passed', verdicts)).toEqual([]);
  const id = 'pod-to-service/services/v4 node-1 → hostPort tcp 29804 of node-2';
  const thief = { node: 'node-2', pod: 'pod-peer-2', uid: 'uid-pod-peer-2' };
  const stolen = run(
    (probe, source) =>
      probe.case === id ? { outcome: 'wrong-responder', responder: thief } : answer(probe, source),
    topology,
    withPort,
  );
  expect(not('passed', stolen)).toEqual([id]);
  expect(says(stolen, id)).toEqual([
    'failed',
    'wrong-responder',
    'answered by pod pod-peer-2 on node-2, expected pod host-port-2, which has the port',
  ]);
});

test('hostPort without its pods is errored', () => {
  const verdicts = run(healthy, four, withPort);
  const errored = [...verdicts.values()].filter(({ verdict }) => verdict === 'errored');
  expect(errored).toHaveLength(2 * 2 * 8 * 4);
  expect(errored[0]?.sentence).toContain('hostPort agent on node-1: no such pod');
});

const shop = (more: Parameters<typeof serviceOf>[0] | object = {}) =>
  serviceOf({ namespace: 'shop', name: 'web', role: 'named', rank: 9, ...more });

const naming = (...named: ReturnType<typeof settings>['services']['named']) =>
  settings((draft) => {
    draft.services.named = named;
  });

const some = four.agents.filter(({ pod }) => pod === 'pod-prober-3').flatMap(endpointsOf);

test('a Service of the user’s is asked through each of its doors, by http where anything of HTTP is given', () => {
  const service = shop({
    type: 'NodePort',
    externalTrafficPolicy: 'Cluster',
    endpoints: some,
    externalIPs: ['172.30.0.99'],
    loadBalancer: ['lb.example.org', 'fd00:30::99'],
  });
  const topology = { ...four, services: [service] };
  const chosenOnes = naming({ service: 'shop/web:http', path: '/cart', status: 204 });
  const cases = services.expand(topology, chosenOnes);
  expect(new Set(cases.map(({ target, family }) => `${family} ${target.name}`))).toEqual(
    new Set([
      'v4 ClusterIP http shop/web:http /cart',
      'v6 ClusterIP http shop/web:http /cart',
      ...[1, 2, 3, 4].flatMap((rank) => [
        `v4 NodePort http shop/web:http /cart of node-${rank}`,
        `v6 NodePort http shop/web:http /cart of node-${rank}`,
      ]),
      'v4 externalIP 1 http shop/web:http /cart',
      'undefined LoadBalancer 1 http shop/web:http /cart',
      'v6 LoadBalancer 2 http shop/web:http /cart',
    ]),
  );
  expect(cases).toHaveLength(8 * 13);
  const aims = cases.map((entry) => services.aim(entry, topology, chosenOnes));
  expect(aims.map((aim) => aim.kind)).toEqual(cases.map(() => 'probe'));
  const named = aims.find((aim) => aim.kind === 'probe' && aim.address === '');
  expect(named).toMatchObject({
    port: 29_802,
    ask: { how: 'app', protocol: 'http', name: 'lb.example.org', path: '/cart', status: 204 },
  });
});

test('a Service of the user’s: the expected answer passes, a 503 never does', () => {
  const topology = { ...four, services: [shop({ endpoints: some })] };
  const answered = (attempt: Attempt) =>
    run(() => attempt, topology, naming({ service: 'shop/web:29802', status: 200 }));
  const id = 'pod-to-service/services/v4 node-1 → ClusterIP http shop/web:29802 /';
  expect(says(answered({ outcome: 'reached', detail: 'HTTP 200' }), id)).toEqual([
    'passed',
    'proof',
    'http shop/web:29802 /: HTTP 200',
  ]);
  const detail = 'HTTP 503, expected 200';
  expect(says(answered({ outcome: 'wrong-answer', detail }), id)).toEqual([
    'failed',
    'wrong-answer',
    'ClusterIP http shop/web:29802 /: HTTP 503, expected 200',
  ]);
});

test('a Service of the user’s without a ready endpoint fails, whatever came back', () => {
  const topology = {
    ...four,
    services: [shop({ endpoints: some.map((one) => ({ ...one, ready: false })) })],
  };
  for (const outcome of ['refused', 'reached'] as const) {
    const verdicts = run(() => ({ outcome, detail: 'x' }), topology, naming({ service: 'shop/web:tcp' }));
    expect(verdicts.size).toBe(16);
    expect(not('failed', verdicts)).toEqual([]);
    expect([...verdicts.values()][0]?.sentence).toBe('shop/web has no ready endpoint: x');
  }
});

test('a Service of the user’s with policy Local: Nodes without endpoint stay silent to other Nodes', () => {
  const service = shop({ type: 'NodePort', externalTrafficPolicy: 'Local', endpoints: some });
  const topology = { ...four, services: [service] };
  const answer = (probe: Probe): Attempt => {
    const open = probe.address.endsWith('.4') || probe.address.endsWith(':4') || probe.port === 29_801;
    return open ? { outcome: 'reached' } : { outcome: 'timed-out' };
  };
  const verdicts = run(answer, topology, naming({ service: 'shop/web:tcp' }));
  expect(not('passed', verdicts)).toEqual([]);
  // ClusterIP from 8, the Node with the endpoint from 8, each of three others from the three Nodes that it is not.
  expect(verdicts.size).toBe(2 * (8 + 8 + 3 * 3));
});

test('policy Local with endpoints on several Nodes: pods of other Nodes are no cases, kube-proxy takes a short cut', () => {
  const two = four.agents.filter(({ pod }) => /^pod-prober-[34]$/.test(pod)).flatMap(endpointsOf);
  const service = shop({ type: 'NodePort', externalTrafficPolicy: 'Local', endpoints: two });
  const cases = services.expand({ ...four, services: [service] }, naming({ service: 'shop/web:tcp' }));
  const open = cases.filter((entry) => entry.about?.door === 'NodePort' && entry.expect === undefined);
  // Two Nodes, each asked by four Nodes and by its own pods.
  expect(open).toHaveLength(2 * 2 * (4 + 1));
  expect(open.every(({ source, target }) => source.network === 'host' || source.node === target.node)).toBe(
    true,
  );
});

test('internalTrafficPolicy Local shuts the ClusterIP to what is on a Node without endpoint', () => {
  const topology = { ...four, services: [shop({ internalTrafficPolicy: 'Local', endpoints: some })] };
  const cases = services.expand(topology, naming({ service: 'shop/web:tcp' }));
  const blocked = cases.filter(({ expect: expected }) => expected === 'blocked');
  expect(blocked).toHaveLength(2 * 2 * 3);
  expect(blocked.every(({ source }) => source.node !== 'node-3')).toBe(true);
});
