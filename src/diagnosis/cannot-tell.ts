import type { CaseVerdict, Finding } from '../model.ts';
import { sortedBy } from '../order.ts';

/** Errored cases by reason and the Node that they have in common: what stood between us and the answer. */
export function cannotTell(errored: readonly CaseVerdict[]): Finding[] {
  const groups = Map.groupBy(errored, (entry) => `${entry.reason} ${nodeOf(entry)}`);
  return sortedBy([...groups.values()].map(findingOf), (finding) => finding.id);
}

/** The Node at which the evidence is missing: the target's where the target was gone, else the source's. */
function nodeOf({ case: entry, reason }: CaseVerdict): string {
  const atTarget = reason === 'no-target-agent' || reason === 'target-gone';
  return (atTarget ? entry.target.node : undefined) ?? entry.source.node;
}

function findingOf(members: CaseVerdict[]): Finding {
  const [first] = members;
  const reason = first?.reason ?? 'not-run';
  const node = first === undefined ? '' : nodeOf(first);
  const { causes, next } = ADVICE[reason] ?? DEFAULT;
  return {
    id: `cannot-tell ${node} ${reason}`,
    kind: 'cannot-tell',
    title: `could not tell for ${members.length} cases with ${node}: ${first?.sentence ?? reason}`,
    nodes: [node],
    cases: members.map((entry) => entry.case.id),
    judged: members.length,
    contradicting: 0,
    confidence: 'high',
    causes,
    next: next.map((command) => command.replaceAll('NODE', node)),
  };
}

interface Advice {
  causes: string[];
  next: string[];
}

const AGENT: Advice = {
  causes: ['the agent’s pod is not running there: image, taint, quota or a Node that is not ready'],
  next: [
    'kubectl get pods -A -l app.kubernetes.io/name=netaccept -o wide --field-selector spec.nodeName=NODE',
    'kubectl describe node NODE',
  ],
};

const CONTROL: Advice = {
  causes: [
    'the API server cannot reach the kubelet of this Node (port 10250), or the Node is frozen',
    'the agent was killed during the run',
  ],
  next: [
    'kubectl get node NODE',
    'kubectl get --raw /api/v1/nodes/NODE/proxy/healthz',
    'kubectl logs -A -l app.kubernetes.io/name=netaccept --prefix --tail=5',
  ],
};

const ADVICE: Partial<Record<string, Advice>> = {
  'no-agent': AGENT,
  'no-target-agent': AGENT,
  'target-gone': AGENT,
  'exec-broken': CONTROL,
  'batch-aborted': CONTROL,
  deadline: {
    causes: ['too many cases wait for a silent target: run.deadline is short for this'],
    next: ['raise run.deadline, or look at the failed cases first'],
  },
  'no-witness': {
    causes: ['the target answers nobody: it may be dead, not blocked'],
    next: ['look whether the target runs at all'],
  },
};

const DEFAULT: Advice = { causes: ['see the sentence of each case'], next: ['netaccept check --verbose'] };
