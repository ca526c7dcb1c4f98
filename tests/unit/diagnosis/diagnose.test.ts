import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checks } from '../../../src/checks/registry.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Arrival, Case, CaseVerdict, Reason, Verdict } from '../../../src/model.ts';

const isHost = (entry: Case) => entry.source.network === 'host' && entry.target.network === 'host';
const goes = (entry: Case, a: string, b: string) => entry.source.node === a && entry.target.node === b;
const isCross = (entry: Case) => entry.locality === 'cross-node';

interface Fault {
  /** What the first finding must be called. */
  id: (a: string, b: string) => string;
  hits: (entry: Case, a: string, b: string) => boolean;
  /** What the targets say of the requests that fail; only UDP can tell. */
  arrival?: (entry: Case, a: string, b: string) => Arrival;
  /** Is part of its title. */
  says?: (a: string, b: string) => string;
}

const pairChecks = ['tcp', 'http', 'udp', 'icmp'];
const overlayOneWay: Fault = {
  id: (a, b) => `overlay-one-way ${a} ${b}`,
  hits: (entry, a, b) => {
    if (entry.path === 'pod-to-pod') return goes(entry, a, b) || goes(entry, b, a);
    return entry.path === 'node-to-pod'
      ? goes(entry, a, b)
      : entry.path === 'pod-to-node' && goes(entry, b, a);
  },
};
const FAULTS: Record<string, Fault> = {
  'a Node cut off both ways': {
    id: (a) => `node ${a}`,
    hits: (entry, a) => isCross(entry) && (entry.source.node === a || entry.target.node === a),
  },
  'a Node that receives nothing': {
    id: (a) => `node-in ${a}`,
    hits: (entry, a) => entry.target.node === a,
  },
  'a Node that sends nothing': {
    id: (a) => `node-out ${a}`,
    hits: (entry, a) => entry.source.node === a,
  },
  'the overlay between two Nodes': {
    id: (a, b) => `pair ${[a, b].sort().join(' ')} overlay`,
    hits: (entry, a, b) => (goes(entry, a, b) || goes(entry, b, a)) && !isHost(entry),
  },
  'the overlay one way': overlayOneWay,
  'one pair, one way': { id: (a, b) => `one-way ${a} ${b}`, hits: goes },
  'IPv6 everywhere': { id: () => 'everywhere family v6', hits: (entry) => entry.family === 'v6' },
  'one protocol everywhere': { id: () => 'everywhere check udp', hits: (entry) => entry.check === 'udp' },
  'one protocol to one Node': {
    id: (a) => `node-in ${a} check tcp`,
    hits: (entry, a) => entry.check === 'tcp' && entry.target.node === a,
  },
  'one protocol of one family to a Node’s own address': {
    id: (a) => `node-in ${a} family v6 + check icmp + target network host`,
    hits: (entry, a) =>
      entry.check === 'icmp' &&
      entry.family === 'v6' &&
      entry.target.node === a &&
      entry.target.network === 'host',
  },
  'a frozen Node': {
    id: (a) => `node-in ${a} programs`,
    hits: (entry, a) => entry.check !== 'icmp' && entry.target.node === a,
  },
};

/** What the targets know makes of the same red cases different findings. */
const DIRECTED: Record<string, Fault> = {
  'packets lost from one Node to another, requests and replies': {
    id: (a, b) => `packets-one-way ${a} ${b}`,
    hits: (entry, a, b) => goes(entry, a, b) || goes(entry, b, a),
    arrival: (entry, a) => (entry.source.node === a ? 'none' : 'some'),
    says: (a, b) => `what ${a} sends does not arrive at ${b}, the other way it does`,
  },
  'packets lost between two Nodes, both ways': {
    id: (a, b) => `pair ${[a, b].sort().join(' ')}`,
    hits: (entry, a, b) => goes(entry, a, b) || goes(entry, b, a),
    arrival: () => 'none',
    says: () => 'the requests do not arrive',
  },
  'everything lost that goes to a Node': {
    id: (a) => `packets-in ${a}`,
    hits: (entry, a) => isCross(entry) && (entry.source.node === a || entry.target.node === a),
    arrival: (entry, a) => (entry.target.node === a ? 'none' : 'some'),
    says: (a) => `what others send does not arrive at ${a}, what it sends itself does`,
  },
  'everything lost that a Node sends': {
    id: (a) => `packets-out ${a}`,
    hits: (entry, a) => isCross(entry) && (entry.source.node === a || entry.target.node === a),
    arrival: (entry, a) => (entry.source.node === a ? 'none' : 'some'),
    says: (a) => `what ${a} sends does not arrive, what others send to it does`,
  },
  'the tunnel one way': {
    ...overlayOneWay,
    arrival: (entry, a) => (entry.source.node === a ? 'none' : 'some'),
    says: (a, b) => `what ${a} sends does not arrive at ${b}, the other way it does`,
  },
  'new requests refused one way': {
    id: (a, b) => `one-way ${a} ${b}`,
    hits: goes,
    arrival: () => 'none',
    says: () => 'the requests do not arrive',
  },
  'answers that do not come back': {
    id: (a, b) => `one-way ${a} ${b}`,
    hits: goes,
    arrival: () => 'some',
    says: () => 'the requests arrive, the answers are lost on their way back',
  },
};

function judged(
  nodes: number,
  verdictOf: (entry: Case) => [Verdict, Reason, (Arrival | undefined)?],
  only: string[] = pairChecks,
): CaseVerdict[] {
  const cases = expandMatrix(
    checks,
    dualStack(nodes),
    settings((draft) => {
      draft.only = only;
    }),
  );
  return cases.map((entry) => {
    const [verdict, reason, arrival] = verdictOf(entry);
    const told = arrival === undefined ? {} : { arrival };
    return { case: entry, verdict, reason, sentence: reason, flaky: false, attempts: [], ...told };
  });
}

const ALL = { ...FAULTS, ...DIRECTED };

test.each(Object.entries(ALL))('%s is what the first finding says', (_, { id, hits, arrival, says }) => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 7 }), fc.nat(), fc.nat(), (count, x, y) => {
      const a = `node-${(x % count) + 1}`;
      const b = `node-${((x + 1 + (y % (count - 1))) % count) + 1}`;
      const verdicts = judged(count, (entry) =>
        hits(entry, a, b)
          ? ['failed', 'timed-out', entry.check === 'udp' ? arrival?.(entry, a, b) : undefined]
          : ['passed', 'proof'],
      );
      const { findings, unexplained } = diagnose(verdicts);
      expect(findings[0]?.id).toBe(id(a, b));
      expect(findings[0]?.title).toContain(says?.(a, b) ?? '');
      expect(findings).toHaveLength(1);
      expect(unexplained).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test('every case that did not pass is in exactly one finding, or unexplained', () => {
  const verdict = fc.constantFrom<[Verdict, Reason, Arrival?]>(
    ['passed', 'proof'],
    ['failed', 'timed-out'],
    ['failed', 'timed-out', 'none'],
    ['failed', 'timed-out', 'some'],
    ['errored', 'no-reply'],
  );
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 300, maxLength: 300 }), (drawn) => {
      let at = 0;
      const verdicts = judged(3, () => drawn[at++ % drawn.length] ?? ['passed', 'proof']);
      const { findings, unexplained } = diagnose(verdicts);
      const named = [...findings.flatMap(({ cases }) => cases), ...unexplained];
      const trouble = verdicts.filter((entry) => entry.verdict !== 'passed').map((entry) => entry.case.id);
      expect(named.toSorted()).toEqual(trouble.toSorted());
    }),
    { numRuns: 20 },
  );
});

test('what others rest on comes first, however many cases those have', () => {
  const cut = judged(4, (entry) =>
    overlayOneWay.hits(entry, 'node-1', 'node-2') ? ['failed', 'timed-out'] : ['passed', 'proof'],
  );
  const names = Array.from({ length: 400 }, (_, index): CaseVerdict => {
    const source = { cluster: 'c', node: 'node-3', network: 'pod' as const };
    const target = { cluster: 'c', name: `VIP: name ${index}` };
    const draft = { check: 'dns', path: 'pod-to-dns', source, target } as const;
    const entry: Case = { id: `pod-to-dns/dns node-3 → ${target.name}`, ...draft };
    return { case: entry, verdict: 'failed', reason: 'timed-out', sentence: '', flaky: false, attempts: [] };
  });
  const { findings } = diagnose([...names, ...cut]);
  expect(findings.map(({ id }) => id)).toEqual(['overlay-one-way node-1 node-2', 'everywhere check dns']);
  expect(findings.map(({ cases }) => cases.length)).toEqual([32, 400]);
});

test('names that are gone everywhere are one finding, with the headless Services that are nothing but names', () => {
  const verdicts = ['node-1', 'node-2', 'node-3'].flatMap((node) => [
    ...Array.from({ length: 4 }, (_, index) => resting('dns', node, `VIP: name ${index}`)),
    { ...resting('services', node, 'headless'), about: { kind: 'headless', protocol: 'dns' } },
  ]);
  const failed = verdicts.map(
    (entry) => ({ ...judgedPassed(entry), verdict: 'failed', reason: 'timed-out' }) as const,
  );
  const passed = ['node-1', 'node-2', 'node-3'].map((node) =>
    judgedPassed(resting('services', node, 'ClusterIP')),
  );
  const { findings } = diagnose([...failed, ...passed]);
  expect(findings.map(({ id, cases }) => [id, cases.length])).toEqual([['everywhere check dns', 15]]);
});

test('a wrong resolv.conf of one Node’s pods is told from that of the Node itself, which is right', () => {
  const asked = (node: string, network: 'pod' | 'host', index: number): Case => {
    const entry = resting('dns', node, `resolv.conf: name ${index}`);
    const id = `${network}-to-dns/dns ${node} → name ${index}`;
    const path = network === 'pod' ? 'pod-to-dns' : 'node-to-dns';
    return { ...entry, id, path, source: { ...entry.source, network }, about: { server: 'resolv.conf' } };
  };
  const all = ['node-1', 'node-2', 'node-3'].flatMap((node) =>
    (['pod', 'host'] as const).flatMap((network) => [1, 2, 3, 4].map((index) => asked(node, network, index))),
  );
  const verdicts = all.map((entry): CaseVerdict => {
    const isWrong = entry.source.node === 'node-2' && entry.source.network === 'pod';
    return { ...judgedPassed(entry), ...(isWrong && { verdict: 'failed', reason: 'timed-out' }) };
  });
  const { findings } = diagnose(verdicts);
  expect(findings.map(({ id, cases }) => [id, cases.length])).toEqual([
    ['node-out node-2 resolver of pod', 4],
  ]);
  expect(findings[0]?.title).toContain('what asks the resolv.conf of its pods');
});

function judgedPassed(entry: Case): CaseVerdict {
  return { case: entry, verdict: 'passed', reason: 'proof', sentence: '', flaky: false, attempts: [] };
}

test('what a Node says of itself comes before what is seen of that Node, and not before what is seen of others', () => {
  const cut = judged(4, (entry) =>
    overlayOneWay.hits(entry, 'node-1', 'node-2') ? ['failed', 'timed-out'] : ['passed', 'proof'],
  );
  const own = (node: string): CaseVerdict => {
    const source = { cluster: 'c', node, network: 'host' as const };
    const draft = {
      check: 'node',
      path: 'on-node',
      source,
      target: { cluster: 'c', name: 'routes' },
    } as const;
    const entry: Case = { id: `on-node/node ${node} → routes`, ...draft };
    return { case: entry, verdict: 'failed', reason: 'mismatch', sentence: '', flaky: false, attempts: [] };
  };
  const order = (node: string) => diagnose([...cut, own(node)]).findings.map(({ kind }) => kind);
  expect(order('node-1')).toEqual(['node-itself', 'overlay-one-way']);
  expect(order('node-4')).toEqual(['overlay-one-way', 'node-itself']);
});

test('one lossy direction of one family is a finding, though it is one case', () => {
  const lossy = 'node-to-node/quality/v4 node-1 → node-2';
  const verdicts = judged(4, ({ id }) => (id === lossy ? ['failed', 'lossy'] : ['passed', 'proof']), [
    'quality',
  ]);
  const { findings, unexplained } = diagnose(verdicts);
  expect(unexplained).toEqual([]);
  const [finding, ...rest] = findings;
  expect(finding).toMatchObject({ nodes: ['node-1', 'node-2'], cases: [lossy], title: `${lossy}: lossy` });
  expect(finding?.id).toMatch(/^one-way node-1 node-2 .*check quality/);
  expect(rest).toEqual([]);
});

test('that a tunnel is cut one way is sure only by the targets’ own word', () => {
  const confidence = (arrival: (entry: Case) => Arrival | undefined) => {
    const verdicts = judged(4, (entry) =>
      overlayOneWay.hits(entry, 'node-1', 'node-2')
        ? ['failed', 'timed-out', arrival(entry)]
        : ['passed', 'proof'],
    );
    return diagnose(verdicts).findings[0]?.confidence;
  };
  expect(confidence(() => undefined)).toBe('medium');
  expect(confidence(({ source }) => (source.node === 'node-1' ? 'none' : 'some'))).toBe('high');
});

/** A case of what rests on the ways between Nodes. */
function resting(check: string, from: string, name: string, more: Partial<Case['target']> = {}): Case {
  const source = { cluster: 'c', node: from, network: 'pod' as const };
  const path = check === 'dns' ? 'pod-to-dns' : 'pod-to-service';
  return {
    id: `${path}/${check} ${from} → ${name}`,
    check,
    path,
    source,
    target: { cluster: 'c', name, ...more },
  };
}

function failing(entry: Case): CaseVerdict {
  return { case: entry, verdict: 'failed', reason: 'timed-out', sentence: '', flaky: false, attempts: [] };
}

test('what may fail for want of a cut way is one finding, and says so; what cannot is not in it', () => {
  const cut = judged(4, (entry) =>
    overlayOneWay.hits(entry, 'node-1', 'node-2') ? ['failed', 'timed-out'] : ['passed', 'proof'],
  );
  const may = [
    failing(resting('services', 'node-1', 'ClusterIP tcp a')),
    failing(resting('services', 'node-2', 'NodePort tcp a of node-1', { node: 'node-1' })),
    failing(resting('dns', 'node-2', 'DNS pod on node-1', { node: 'node-1' })),
    failing(resting('dns', 'node-2', 'VIP')),
  ];
  const cannot = [
    failing(resting('dns', 'node-2', 'DNS pod on node-3', { node: 'node-3' })),
    failing(resting('services', 'node-4', 'ClusterIP tcp a')),
  ];
  const { findings, unexplained } = diagnose([...cut, ...may, ...cannot]);
  const [root, consequence, ...rest] = findings;
  expect([root?.id, consequence?.consequenceOf]).toEqual([
    'overlay-one-way node-1 node-2',
    'overlay-one-way node-1 node-2',
  ]);
  const ids = (verdicts: CaseVerdict[]) => verdicts.map((entry) => entry.case.id).toSorted();
  expect(consequence?.cases.toSorted()).toEqual(ids(may));
  expect([...rest.flatMap(({ cases }) => cases), ...unexplained].toSorted()).toEqual(ids(cannot));
});

test('nothing rests on ping: what fails beside it is a finding of its own', () => {
  const pings = judged(3, (entry) =>
    entry.check === 'icmp' && entry.target.node === 'node-1' ? ['failed', 'timed-out'] : ['passed', 'proof'],
  );
  const names = ['a', 'b', 'c'].map((name) => failing(resting('dns', 'node-1', name)));
  const { findings } = diagnose([...pings, ...names]);
  expect(findings.map(({ consequenceOf }) => consequenceOf)).toEqual([undefined, undefined]);
});

test('nothing wrong, nothing found', () => {
  expect(diagnose(judged(3, () => ['passed', 'proof']))).toEqual({ findings: [], unexplained: [] });
});
