import { diagnose } from '../../../src/diagnosis/diagnose.ts';
// RunResults to report on, built the way the other rooms build them: names in, verdicts out.
import type { Attempt, Case, CaseVerdict, Control, ControlVerdict, RunResult } from '../../../src/model.ts';

export const NODES = ['control-plane', 'worker-1', 'worker-2', 'worker-3'];
const PROOFS = {
  tcp: "the reply carried this probe's nonce and the pod UID of the responder it was meant for",
  icmp: 'an echo reply came from the address; whose pod sent it, icmp cannot say',
};

/** Names as no cluster has them, and as no report may break on. */
export const UGLY = {
  spaces: '  two  spaces ',
  markup: `<&">' ]]> twice ]]> <skipped/>`,
  lines: 'line\nline\r\n\ttab',
  control: 'nul\0 bell\u0007 esc\u001b[31mred del\u007f csi\u009b',
  surrogate: 'lone \ud800 and \udc00, nonchar \ufffe\uffff',
  emoji: 'worker-👩‍🚀-節点',
  rightToLeft: 'שרת-\u202eevil\u202c-خادم',
  long: 'n'.repeat(253),
};

interface Seen {
  check?: Case['check'];
  path?: Case['path'];
  family?: Case['family'];
}

export function caseOf(
  source: string,
  target: string,
  { check = 'tcp', path = 'pod-to-pod', family = 'v4' }: Seen = {},
): Case {
  const [from, to] = path.split('-to-');
  const network = (end: string | undefined) => (end === 'pod' ? 'pod' : 'host');
  return {
    id: `${path}/${check}/${family} ${source} → ${target}`,
    check,
    path,
    family,
    source: { cluster: 'demo', node: source, network: network(from) },
    target: { cluster: 'demo', name: target, node: target, network: network(to) },
    locality: source === target ? 'same-node' : 'cross-node',
  };
}

function reached(node: string, rttMs = 0.412): Attempt {
  const responder = { node, pod: `agent-${node}`, uid: `uid-${node}` };
  return { outcome: 'reached', rttMs, responder, seen: '10.244.0.3' };
}

export function passed(entry: Case, ...before: Attempt[]): CaseVerdict {
  const last = reached(entry.target.name);
  return {
    case: entry,
    verdict: 'passed',
    reason: 'proof',
    sentence: `answered by pod agent-${entry.target.name} in 0.41 ms`,
    flaky: before.length > 0,
    attempts: [...before, last],
    aimedAt: '10.244.1.5:8080',
    rttMs: 0.412,
  };
}

export function failed(entry: Case): CaseVerdict {
  return {
    case: entry,
    verdict: 'failed',
    reason: 'timed-out',
    sentence: `no answer from the agent pod on ${entry.target.node} at 10.244.1.5:8080 in 2 attempts`,
    flaky: false,
    attempts: [{ outcome: 'timed-out' }, { outcome: 'timed-out', detail: 'nothing within 3000 ms' }],
    aimedAt: '10.244.1.5:8080',
  };
}

export function errored(entry: Case): CaseVerdict {
  const sentence = `no ready agent at the source, the agent pod on ${entry.source.node}`;
  const attempts: Attempt[] = [
    { outcome: 'unobserved', cause: 'no-agent', detail: 'ImagePullBackOff: agent' },
  ];
  return { case: entry, verdict: 'errored', reason: 'no-agent', sentence, flaky: false, attempts };
}

export function skipped(entry: Case, rule = 'agents.hostNetwork is off'): CaseVerdict {
  return {
    case: { ...entry, skip: rule },
    verdict: 'skipped',
    reason: 'rule',
    sentence: rule,
    flaky: false,
    attempts: [],
  };
}

export function control(node: string, state: ControlVerdict['state'] = 'held'): ControlVerdict {
  const source: Control['source'] = { cluster: 'demo', node, network: 'pod' };
  const id = `control/closed-port/tcp/v4 pod ${node}`;
  const outcome = { held: 'refused, as it must be', broken: 'was answered', unobserved: 'nobody knows' }[
    state
  ];
  return {
    control: { id, kind: 'closed-port', check: 'tcp', family: 'v4', source },
    state,
    sentence: `tcp over v4 from pod network of ${node}: ${outcome}`,
  };
}

/** Every ordered pair of `nodes` on two paths, two checks and both families. */
export function allPairs(nodes: readonly string[], judge: (entry: Case) => CaseVerdict): CaseVerdict[] {
  return (['pod-to-pod', 'node-to-node'] as const).flatMap((path) =>
    ['tcp', 'icmp'].flatMap((check) =>
      (['v4', 'v6'] as const).flatMap((family) =>
        nodes.flatMap((source) =>
          nodes.map((target) => judge(caseOf(source, target, { path, check, family }))),
        ),
      ),
    ),
  );
}

export function result(part: Partial<RunResult>): RunResult {
  return {
    run: 'a1b2c3d4',
    cluster: 'demo',
    version: 'v1.34.1',
    started: '2026-11-20T09:00:00.000Z',
    seconds: 12.345,
    families: ['v4', 'v6'],
    nodes: NODES,
    excluded: [],
    notes: [],
    resumes: [],
    diagnosis: diagnose(part.verdicts ?? []),
    verdicts: [],
    controls: NODES.map((node) => control(node)),
    proofs: PROOFS,
    problems: [],
    exitCode: 0,
    ...part,
  };
}

/** The results that have golden reports, by the golden files' name. */
export const RESULTS = {
  'all-passed': result({ verdicts: allPairs(NODES, passed) }),
  'one-way-fault': result({
    verdicts: allPairs(NODES, (entry) => {
      const cut =
        entry.source.node === 'worker-1' && entry.target.node === 'worker-2' && entry.path === 'pod-to-pod';
      return cut ? failed(entry) : passed(entry);
    }),
    exitCode: 1,
  }),
  'every-verdict': result({
    verdicts: allPairs(NODES, (entry) => {
      if (entry.path === 'node-to-node') return skipped(entry);
      if ([entry.source.node, entry.target.node].includes('worker-3')) return errored(entry);
      if (entry.source.node === 'worker-1' && entry.target.node === 'worker-2') return failed(entry);
      const late = entry.family === 'v6' && entry.target.node === 'worker-2';
      return late ? passed(entry, { outcome: 'refused', detail: 'ECONNREFUSED' }) : passed(entry);
    }),
    controls: [control('control-plane'), control('worker-1', 'broken'), control('worker-3', 'unobserved')],
    problems: [{ code: 'reconcile', message: 'two verdicts came for "x"' }],
    exitCode: 2,
  }),
  'set-up-failed': result({
    cluster: '',
    version: '',
    nodes: [],
    families: [],
    controls: [],
    resumes: [],
    seconds: 0.2,
    problems: [
      {
        code: 'kube-unreachable',
        message: 'GET https://127.0.0.1:6443/version: connect ECONNREFUSED',
        hint: 'is it up?',
      },
      { code: 'config', message: 'probe.attempts: got "two", expected a number from 1 to 10' },
    ],
    exitCode: 3,
  }),
  'ugly-names': uglyNames(),
  'resumed-and-compared': resumedAndCompared(),
} satisfies Record<string, RunResult>;

function uglyNames(): RunResult {
  const names = Object.values(UGLY);
  const kinds = [
    passed,
    failed,
    errored,
    (entry: Case) => skipped(entry, `rule ${UGLY.markup}\n${UGLY.control}`),
  ];
  const verdicts = names.flatMap((source, at) =>
    names.map((target, to) => (kinds[(at + to) % kinds.length] ?? passed)(caseOf(source, target))),
  );
  return result({
    run: UGLY.lines,
    cluster: UGLY.markup,
    version: UGLY.control,
    nodes: names,
    verdicts,
    controls: [control(UGLY.long, 'broken'), control(UGLY.markup), control(UGLY.rightToLeft, 'unobserved')],
    problems: [{ code: 'x]]>y', message: names.join('\n'), hint: UGLY.control }],
    exitCode: 2,
  });
}

function resumedAndCompared(): RunResult {
  const verdicts = allPairs(NODES, (entry): CaseVerdict => {
    if (entry.source.node !== 'worker-1' || entry.locality === 'same-node') return passed(entry);
    return { ...failed(entry), arrival: entry.path === 'pod-to-pod' ? 'none' : 'some' };
  });
  const broken = verdicts.filter(({ verdict }) => verdict === 'failed').map((entry) => entry.case.id);
  return result({
    verdicts,
    comparison: {
      against: { run: '2026-11-19T09-00-00Z-3fa9c2', started: '2026-11-19T09:00:00.000Z', exitCode: 1 },
      newlyBroken: broken.slice(2),
      stillBroken: broken.slice(0, 2),
      fixed: ['pod-to-pod/tcp/v4 worker-2 → worker-3'],
      newlyFlaky: [],
      slower: [{ id: 'node-to-node/tcp/v4 worker-2 → worker-3', beforeMs: 0.41, afterMs: 12.3 }],
      added: ['pod-to-pod/tcp/v4 worker-2 → worker-2'],
      gone: [`pod-to-pod/tcp/v4 ${UGLY.control} → ${UGLY.markup}`],
    },
    resumes: [{ started: '2026-11-20T09:10:00.000Z', seconds: 3.21, cases: 40, passed: 16 }],
    exitCode: 1,
  });
}
