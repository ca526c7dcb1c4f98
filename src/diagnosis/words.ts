import type { CaseVerdict, Finding, FindingKind } from '../model.ts';
import { adviceFor } from './advice.ts';
import type { Candidate } from './candidates.ts';

/** A chosen hypothesis in words. `explained`: what it explains and no better one did. */
export function findingOf(
  { scope, trait, failed, passed }: Candidate,
  explained: readonly CaseVerdict[],
): Finding {
  const judged = failed + passed;
  const [only] = explained;
  const single = explained.length === 1 && judged === 1 ? only : undefined;
  const what = whatFails(explained, trait.words);
  const title =
    single === undefined
      ? `${WHERE[scope.kind](scope.nodes)}: ${what}`
      : `${single.case.id}: ${single.sentence}`;
  return {
    id: [scope.kind, ...scope.nodes, ...(trait.key === '' ? [] : [trait.key])].join(' '),
    kind: single === undefined ? scope.kind : 'mixed',
    title,
    nodes: scope.nodes,
    cases: explained.map((entry) => entry.case.id),
    judged,
    contradicting: passed,
    confidence: confidence(failed, passed),
    ...adviceFor(scope, trait, explained),
  };
}

const WHERE: Record<FindingKind, (nodes: readonly string[]) => string> = {
  everywhere: () => 'in the whole cluster',
  node: ([node]) => `to and from node ${node}`,
  'node-in': ([node]) => `to node ${node}, from everywhere`,
  'node-out': ([node]) => `from node ${node}, to everywhere`,
  'node-itself': ([node]) => `on node ${node} itself`,
  pair: ([a, b]) => `between nodes ${a} and ${b}, both ways`,
  'one-way': ([a, b]) => `from node ${a} to node ${b}, one way`,
  'overlay-one-way': ([a, b]) => `tunnelled packets from node ${a} to node ${b}, one way`,
  zones: ([a, b]) => `between zones ${a} and ${b}`,
  target: ([name]) => `${name}`,
  'wrong-responder': ([node]) => `from node ${node}`,
  'cannot-tell': ([node]) => `with node ${node}`,
  mixed: () => 'unrelated',
};

/** What is common to the failures, as far as they have more in common than the place. */
function whatFails(explained: readonly CaseVerdict[], trait: string): string {
  const what = trait === '' ? 'everything' : trait;
  const reasons = [...Map.groupBy(explained, (entry) => entry.reason)].sort(
    (a, b) => b[1].length - a[1].length,
  );
  const how = reasons
    .slice(0, 2)
    .map(([reason, members]) => (reasons.length === 1 ? reason : `${reason} ${members.length}×`));
  return `${what} fails (${how.join(', ')}${reasons.length > 2 ? ', …' : ''})`;
}

function confidence(failed: number, passed: number): Finding['confidence'] {
  if (failed === 1) return 'low';
  return passed === 0 ? 'high' : 'medium';
}
