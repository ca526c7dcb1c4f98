import { describe, expect, test } from 'vitest';
import { ownService, withClusterServices } from '../../../fixtures/topologies/cluster-services.ts';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { dns } from '../../../src/checks/dns.ts';
import type { Look } from '../../../src/checks/shared/check.ts';
import type { DnsFound } from '../../../src/checks/shared/dns/ask.ts';
import type { Attempt, Case, Settings, Topology } from '../../../src/model.ts';

const healthy = withClusterServices(dualStack(2));
const defaults = settings();

function idsFrom(source: string, topology: Topology, given: Settings = defaults): string[] {
  const cases = dns.expand(topology, given).filter(({ id }) => id.startsWith(source));
  return cases.map(({ id }) => id.slice(source.length));
}

function caseNamed(id: string, topology = healthy, given = defaults): Case {
  const found = dns.expand(topology, given).find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
}

describe('the cases', () => {
  const questions = [
    'A kubernetes.default.svc by udp',
    'AAAA kubernetes.default.svc by udp',
    'SRV https.kubernetes.default.svc by udp',
    'PTR v4 kubernetes.default.svc by udp',
    'A of a name that nobody has by udp',
    'A kubernetes.default.svc by tcp',
  ];

  test.each(['v4', 'v6'])('over %s: every question to the VIP and to each DNS pod', (family) => {
    expect(idsFrom(`pod-to-dns/dns/${family} node-1 → `, healthy).sort()).toEqual(
      ['VIP kube-dns', 'DNS pod on node-1', 'DNS pod on node-2']
        .flatMap((server) => questions.map((question) => `${server}: ${question}`))
        .sort(),
    );
  });

  test('through resolv.conf the short name too, and no family: the pod decides', () => {
    expect(new Set(idsFrom('node-to-dns/dns node-2 → ', healthy))).toEqual(
      new Set([...questions, 'A kubernetes.default (short) by udp'].map((one) => `resolv.conf: ${one}`)),
    );
  });

  test('where a Service of ours is, it is asked for: who knows it is in touch with the API', () => {
    const topology = { ...healthy, services: [...healthy.services, ownService] };
    const own = idsFrom('pod-to-dns/dns/v4 node-1 → VIP kube-dns: ', topology);
    expect(own).toEqual([
      'A netaccept.netaccept.svc by udp',
      'AAAA netaccept.netaccept.svc by udp',
      'SRV tcp.netaccept.netaccept.svc by udp',
      'PTR v4 netaccept.netaccept.svc by udp',
      'PTR v6 netaccept.netaccept.svc by udp',
      'A of a name that nobody has by udp',
      'A kubernetes.default.svc by tcp',
    ]);
    const entry = caseNamed(
      'pod-to-dns/dns/v4 node-1 → VIP kube-dns: A netaccept.netaccept.svc by udp',
      topology,
    );
    expect(dns.aim(entry, topology, defaults)).toMatchObject({ round: 'settled' });
  });

  test('ids are unique and the same whatever the addresses and the pods’ names', () => {
    const ids = dns
      .expand(healthy, defaults)
      .map(({ id }) => id)
      .sort();
    expect(new Set(ids).size).toBe(ids.length);
    const renamed = JSON.parse(
      JSON.stringify(healthy).replaceAll('10.244.9.', '10.244.8.').replaceAll('coredns-z', 'coredns-a'),
    );
    expect(
      dns
        .expand(renamed, defaults)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
  });

  test('a second DNS pod on a Node is told from the first, the same one in both families', () => {
    const topology = withClusterServices(dualStack(1), ['node-1', 'node-1']);
    const servers = new Set(dns.expand(topology, defaults).map(({ about }) => about?.server));
    expect(servers).toEqual(
      new Set(['resolv.conf', 'VIP kube-dns', 'DNS pod on node-1', 'DNS pod on node-1 #2']),
    );
    const addresses = (['v4', 'v6'] as const).map((family) => {
      const id = `pod-to-dns/dns/${family} node-1 → DNS pod on node-1 #2: A kubernetes.default.svc by udp`;
      return dns.aim(caseNamed(id, topology), topology, defaults);
    });
    expect(addresses).toMatchObject([{ address: '10.244.9.1' }, { address: 'fd00:244:9::1' }]);
  });

  test('without a DNS Service every source says so, and its resolver is still asked', () => {
    const services = healthy.services.filter(({ role }) => role !== 'dns');
    const cases = dns.expand({ ...healthy, services }, defaults);
    const missing = cases.filter(({ id }) => id.endsWith('→ DNS Service'));
    expect(missing.map(({ id }) => id)).toEqual([
      'pod-to-dns/dns node-1 → DNS Service',
      'node-to-dns/dns node-1 → DNS Service',
      'pod-to-dns/dns node-2 → DNS Service',
      'node-to-dns/dns node-2 → DNS Service',
    ]);
    expect(cases.filter(({ about }) => about?.server === 'resolv.conf').length).toBe(4 * 7);
  });

  test('a Service with the labels and no DNS port is none', () => {
    const services = healthy.services.map((service) => ({
      ...service,
      ports: service.ports.filter(({ protocol }) => protocol === 'TCP'),
    }));
    expect(idsFrom('pod-to-dns/dns node-1 → DNS', { ...healthy, services })).toEqual([' Service']);
  });

  test('without host-network agents theirs are skipped, and say why', () => {
    const cases = dns.expand(
      healthy,
      settings((draft) => {
        draft.agents.hostNetwork = false;
      }),
    );
    expect(cases.filter(({ skip }) => skip !== undefined).every(({ path }) => path === 'node-to-dns')).toBe(
      true,
    );
    expect(cases.filter(({ path, skip }) => path === 'node-to-dns' && skip === undefined)).toEqual([]);
  });

  test('names of the user’s own go through resolv.conf, or to the servers that are named', () => {
    const name = { name: 'www.example.org', type: 'A' as const, expect: [] };
    const named = settings((draft) => {
      draft.dns.names = [name];
    });
    expect(idsFrom('pod-to-dns/dns node-1 → ', healthy, named)).toContain(
      'resolv.conf: A www.example.org by udp',
    );
    const server = { name: '192.0.2.53:5353', address: '192.0.2.53', port: 5353 };
    const both = settings((draft) => {
      draft.dns = { ...draft.dns, names: [name], servers: [server] };
    });
    expect(idsFrom('pod-to-dns/dns node-1 → ', healthy, both)).not.toContain(
      'resolv.conf: A www.example.org by udp',
    );
    const ids = idsFrom('pod-to-dns/dns/v4 node-1 → server ', healthy, both);
    expect(ids).toEqual([
      '192.0.2.53:5353: A www.example.org by udp',
      '192.0.2.53:5353: A www.example.org by tcp',
    ]);
    const only = settings((draft) => {
      draft.dns.servers = [server];
    });
    expect(idsFrom('pod-to-dns/dns/v4 node-1 → server ', healthy, only)).toEqual([
      '192.0.2.53:5353: A kubernetes.default.svc by udp',
      '192.0.2.53:5353: A kubernetes.default.svc by tcp',
    ]);
  });

  test('a node-local cache is asked like the VIP', () => {
    const local = settings((draft) => {
      draft.dns.nodeLocal = '169.254.20.10';
    });
    expect(idsFrom('pod-to-dns/dns/v4 node-1 → node-local cache: ', healthy, local)).toEqual(questions);
  });
});

describe('the aim', () => {
  const ask = { transport: 'udp', type: 'A', name: 'kubernetes.default.svc.cluster.local' };
  const want = (...values: string[]) => ({ kind: 'values', values });
  const long = '1.0.96.10.in-addr.arpa';

  test.each([
    [
      'v4 node-1 → VIP kube-dns: A kubernetes.default.svc by udp',
      { address: '10.96.0.10', port: 53, count: 20, ask: { ...ask, want: want('10.96.0.1') } },
    ],
    [
      'v6 node-1 → VIP kube-dns: AAAA kubernetes.default.svc by udp',
      { address: 'fd00:10:96::a', ask: { ...ask, type: 'AAAA', want: want() } },
    ],
    [
      'v4 node-1 → DNS pod on node-1: A kubernetes.default.svc by tcp',
      {
        address: '10.244.9.1',
        port: 5354,
        count: 1,
        ask: { ...ask, transport: 'tcp', want: want('10.96.0.1') },
      },
    ],
    [
      'v6 node-1 → DNS pod on node-2: PTR v4 kubernetes.default.svc by udp',
      {
        address: 'fd00:244:9::2',
        port: 5353,
        ask: {
          transport: 'udp',
          type: 'PTR',
          name: long,
          want: want('kubernetes.default.svc.cluster.local'),
        },
      },
    ],
    [
      'v4 node-1 → DNS pod on node-2: SRV https.kubernetes.default.svc by udp',
      {
        ask: {
          transport: 'udp',
          type: 'SRV',
          name: '_https._tcp.kubernetes.default.svc.cluster.local',
          want: want('kubernetes.default.svc.cluster.local:443'),
        },
      },
    ],
    [
      'v4 node-1 → VIP kube-dns: A of a name that nobody has by udp',
      { ask: { transport: 'udp', type: 'A', name: '*.svc.cluster.local', want: { kind: 'absent' } } },
    ],
  ])('of %s', (rest, aim) => {
    const entry = caseNamed(`pod-to-dns/dns/${rest}`);
    expect(dns.aim(entry, healthy, defaults)).toEqual(
      expect.objectContaining({ kind: 'probe', expect: [], round: 'main', ...aim }),
    );
  });

  test('through resolv.conf no address is known, and the short name is completed within the domain', () => {
    const entry = caseNamed('node-to-dns/dns node-1 → resolv.conf: A kubernetes.default (short) by udp');
    expect(dns.aim(entry, healthy, defaults)).toEqual(
      expect.objectContaining({
        address: '',
        port: 53,
        count: 20,
        ask: { ...ask, name: 'kubernetes.default', within: 'cluster.local', want: want('10.96.0.1') },
      }),
    );
  });

  test('without an agent nothing is sent; of the missing Service nothing ever is', () => {
    const agents = healthy.agents.map((agent) => ({ ...agent, ready: false }));
    const entry = caseNamed('pod-to-dns/dns/v4 node-1 → VIP kube-dns: A kubernetes.default.svc by udp');
    expect(dns.aim(entry, { ...healthy, agents }, defaults)).toMatchObject({
      kind: 'unsent',
      attempt: { cause: 'no-agent' },
    });
    const topology = { ...healthy, services: [] };
    expect(dns.aim(caseNamed('pod-to-dns/dns node-1 → DNS Service', topology), topology, defaults)).toEqual({
      kind: 'derived',
    });
  });

  test('the control asks where nobody is, and any answer at all is too much', () => {
    expect(dns.controls(defaults)).toEqual([
      { kind: 'silent-address', port: 53, count: 1, ask: { ...ask, want: { kind: 'answer' } } },
    ]);
  });
});

describe('the judgement', () => {
  const look = (topology: Topology, given = defaults): Look => ({
    topology,
    settings: given,
    cases: [],
    seen: () => undefined,
    agentsAfter: undefined,
    nodesAfter: undefined,
    once: (_key, make) => make(),
  });
  const A = 'pod-to-dns/dns/v4 node-1 → VIP kube-dns: A kubernetes.default.svc by udp';
  const name = 'kubernetes.default.svc.cluster.local';

  function judged(
    id: string,
    outcome: Attempt['outcome'],
    rcode?: string,
    values: string[] = [],
    more: Partial<DnsFound> = {},
    attempt: Partial<Attempt> = {},
  ) {
    const type = / (A|AAAA|PTR|SRV) /.exec(id)?.[1] ?? 'A';
    const records = values.map((value) => ({ name, type, value, ttl: 5 }));
    const answer = rcode === undefined ? {} : { answer: { rcode, truncated: false, records } };
    const found: DnsFound = { server: '10.96.0.10:53', name, right: 0, ...answer, ...more };
    const { verdict, reason, sentence } = dns.judge(
      caseNamed(id),
      { outcome, found, ...attempt },
      look(healthy),
    );
    return `${verdict} (${reason}): ${sentence}`;
  }

  test.each([
    [
      'the API’s answer passes, and is told',
      judged(A, 'reached', 'NOERROR', ['10.96.0.1'], {}, { rttMs: 0.5 }),
      `passed (proof): VIP kube-dns (10.96.0.10:53) says 10.96.0.1 to A ${name} by udp in 0.50 ms`,
    ],
    [
      'another address',
      judged(A, 'wrong-answer', 'NOERROR', ['192.0.2.66']),
      `failed (wrong-answer): VIP kube-dns (10.96.0.10:53) says 192.0.2.66 to A ${name} by udp, expected 10.96.0.1`,
    ],
    [
      'one too many',
      judged(A, 'wrong-answer', 'NOERROR', ['192.0.2.66', '10.96.0.1']),
      `failed (wrong-answer): VIP kube-dns (10.96.0.10:53) says 10.96.0.1, 192.0.2.66 to A ${name} by udp, expected 10.96.0.1 (surplus 192.0.2.66)`,
    ],
    [
      'an error, by its name',
      judged(A, 'wrong-answer', 'SERVFAIL'),
      `failed (wrong-answer): VIP kube-dns (10.96.0.10:53) says SERVFAIL to A ${name} by udp, expected 10.96.0.1`,
    ],
    [
      'nothing where there must be something',
      judged(A, 'wrong-answer', 'NOERROR'),
      `failed (wrong-answer): VIP kube-dns (10.96.0.10:53) says no A record to A ${name} by udp, expected 10.96.0.1`,
    ],
    [
      'one bad server of several behind an address',
      judged(A, 'timed-out', undefined, [], { right: 7 }),
      `failed (timed-out): no answer from VIP kube-dns (10.96.0.10:53) to A ${name} by udp, after 7 right answers through other source ports`,
    ],
    [
      'an agent that says reached and shows nothing',
      judged(A, 'reached'),
      `failed (mismatch): nothing came from VIP kube-dns (10.96.0.10:53) to A ${name} by udp`,
    ],
    [
      'an agent that says reached with a wrong answer',
      judged(A, 'reached', 'NOERROR', ['192.0.2.66']),
      `failed (mismatch): VIP kube-dns (10.96.0.10:53) says 192.0.2.66 to A ${name} by udp, expected 10.96.0.1`,
    ],
    [
      'a flow that took too long',
      judged(A, 'slow', 'NOERROR', ['10.96.0.1'], { right: 3 }),
      `failed (slow): VIP kube-dns (10.96.0.10:53) answers A ${name} by udp, but so slowly that there was time for 3 flows only`,
    ],
    [
      'something that is not DNS',
      judged(A, 'wrong-answer', undefined, [], {}, { detail: 'not DNS: "SSH"' }),
      `failed (wrong-answer): no right answer (not DNS: "SSH") from VIP kube-dns (10.96.0.10:53) to A ${name} by udp`,
    ],
  ])('%s', (_what, came, expected) => {
    expect(came).toBe(expected);
  });

  test('no address of that family must exist for a Service that has none', () => {
    const id = A.replace(': A ', ': AAAA ');
    expect(judged(id, 'reached', 'NOERROR')).toContain(
      'passed (proof): VIP kube-dns (10.96.0.10:53) says no AAAA record',
    );
    expect(judged(id, 'wrong-answer', 'NOERROR', ['fd00::66'])).toContain('says fd00::66');
  });

  test('a wildcard that answers for a name that nobody has is a failure', () => {
    const id = A.replace('A kubernetes.default.svc', 'A of a name that nobody has');
    expect(judged(id, 'reached', 'NXDOMAIN')).toContain('passed (proof)');
    expect(judged(id, 'wrong-answer', 'NOERROR', ['192.0.2.66'])).toContain('says 192.0.2.66');
    expect(judged(id, 'wrong-answer', 'NOERROR', ['192.0.2.66'])).toContain('expected NXDOMAIN');
  });

  const resolved = 'pod-to-dns/dns node-1 → resolv.conf: A kubernetes.default (short) by udp';
  test.each([
    [
      'names who is asked there if it is not the cluster’s DNS',
      ['169.254.20.10'],
      ['svc.cluster.local'],
      { server: '169.254.20.10:53' },
      'the nameserver of resolv.conf (169.254.20.10:53) says 10.96.0.1',
      "; resolv.conf names 169.254.20.10, which is no DNS Service's ClusterIP",
    ],
    [
      'says nothing about one that is',
      ['10.96.0.10'],
      ['svc.cluster.local'],
      {},
      'the nameserver of resolv.conf (10.96.0.10:53) says 10.96.0.1',
      '',
    ],
  ])('resolv.conf %s', (_what, nameservers, search, more, start, end) => {
    const came = judged(resolved, 'reached', 'NOERROR', ['10.96.0.1'], {
      ...more,
      resolver: { nameservers, search, options: [] },
    });
    expect(came).toBe(`passed (proof): ${start} to A ${name} by udp${end}`);
  });

  test('resolv.conf without a nameserver, or without a search list, is a failure that says so', () => {
    const empty = { server: '', resolver: { nameservers: [], search: [], options: [] } };
    expect(judged(resolved, 'wrong-answer', undefined, [], empty)).toBe(
      'failed (wrong-answer): resolv.conf names no nameserver',
    );
    const foreign = {
      server: '',
      resolver: { nameservers: ['10.96.0.10'], search: ['example.org'], options: [] },
    };
    expect(judged(resolved, 'wrong-answer', undefined, [], foreign)).toBe(
      'failed (wrong-answer): resolv.conf cannot complete kubernetes.default: nothing in its search list (example.org) lies in cluster.local',
    );
  });

  test('the missing Service is errored: nobody knows where the cluster’s DNS is', () => {
    const topology = { ...healthy, services: [] };
    const entry = caseNamed('pod-to-dns/dns node-1 → DNS Service', topology);
    expect(dns.judge(entry, undefined, look(topology))).toEqual({
      verdict: 'errored',
      reason: 'too-little',
      sentence:
        'no DNS Service: none in namespace kube-system has the labels k8s-app=kube-dns and a UDP port 53 (set dns.namespace and dns.selector)',
    });
  });
});
