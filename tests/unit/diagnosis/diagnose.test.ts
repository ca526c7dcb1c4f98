import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checks } from '../../../src/checks/registry.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { expandMatrix } from '../../../src/matrix/matrix.ts';
import type { Case, CaseVerdict, Reason, Verdict } from '../../../src/model.ts';

const isHost = (entry: Case) => entry.source.network === 'host' && entry.target.network === 'host';
const goes = (entry: Case, a: string, b: string) => entry.source.node === a && entry.target.node === b;
const isCross = (entry: Case) => entry.locality === 'cross-node';

interface Fault {
  /** What the first finding must be called. */
  id: (a: string, b: string) => string;
  hits: (entry: Case, a: string, b: string) => boolean;
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
  'a frozen Node': {
    id: (a) => `node-in ${a} programs`,
    hits: (entry, a) => entry.check !== 'icmp' && entry.target.node === a,
  },
};

function judged(nodes: number, verdictOf: (entry: Case) => [Verdict, Reason]): CaseVerdict[] {
  const cases = expandMatrix(
    checks,
    dualStack(nodes),
    settings((draft) => {
      draft.only = pairChecks;
    }),
  );
  return cases.map((entry) => {
    const [verdict, reason] = verdictOf(entry);
    return { case: entry, verdict, reason, sentence: reason, flaky: false, attempts: [] };
  });
}

test.each(Object.entries(FAULTS))('%s is what the first finding says', (_, { id, hits }) => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 7 }), fc.nat(), fc.nat(), (count, x, y) => {
      const a = `node-${(x % count) + 1}`;
      const b = `node-${((x + 1 + (y % (count - 1))) % count) + 1}`;
      const verdicts = judged(count, (entry) =>
        hits(entry, a, b) ? ['failed', 'timed-out'] : ['passed', 'proof'],
      );
      const { findings, unexplained } = diagnose(verdicts);
      expect(findings[0]?.id).toBe(id(a, b));
      expect(findings).toHaveLength(1);
      expect(unexplained).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test('every case that did not pass is in exactly one finding, or unexplained', () => {
  const verdict = fc.constantFrom<[Verdict, Reason]>(
    ['passed', 'proof'],
    ['failed', 'timed-out'],
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

test('nothing wrong, nothing found', () => {
  expect(diagnose(judged(3, () => ['passed', 'proof']))).toEqual({ findings: [], unexplained: [] });
});
