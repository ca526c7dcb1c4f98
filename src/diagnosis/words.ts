import type { CaseVerdict, Finding, FindingKind } from '../model.ts';
import { adviceFor } from './advice.ts';
import type { Candidate } from './candidates.ts';
import { isDirected } from './directed.ts';
import type { Scope } from './scopes.ts';

/** A chosen hypothesis in words. `explained`: what it explains and no better one did. */
export function findingOf(
  { scope, trait, failed, passed, told }: Candidate,
  explained: readonly CaseVerdict[],
): Finding {
  const judged = failed + passed;
  const [only] = explained;
  const single = explained.length === 1 && judged === 1 ? only : undefined;
  const what = whatFails(explained, trait.words);
  const title =
    single === undefined
      ? `${placeOf(scope)}: ${what}${directionOf(scope, explained)}`
      : `${single.case.id}: ${single.sentence}`;
  return {
    id: [scope.kind, ...scope.nodes, ...(trait.key === '' ? [] : [trait.key])].join(' '),
    kind: single === undefined ? scope.kind : 'mixed',
    title,
    nodes: scope.nodes,
    cases: explained.map((entry) => entry.case.id),
    judged,
    contradicting: passed,
    confidence: isDirected(scope.kind) && told === 0 && passed === 0 ? 'medium' : confidence(failed, passed),
    ...adviceFor(scope, trait, explained),
  };
}

/** What was found on a Node itself is a finding, however alone it stands: nothing was sent that could be lost. */
export function ownFinding(verdict: CaseVerdict): Finding {
  const { id, source } = verdict.case;
  const scope: Scope = { kind: 'node-itself', nodes: [source.node] };
  return {
    id: `node-itself ${id}`,
    kind: scope.kind,
    title: `${placeOf(scope)}: ${verdict.sentence}`,
    nodes: scope.nodes,
    cases: [id],
    judged: 1,
    contradicting: 0,
    confidence: 'high',
    ...adviceFor(scope, { key: '', words: '' }, [verdict]),
  };
}

export function placeOf({ kind, nodes }: Scope): string {
  return WHERE[kind](nodes);
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
  'packets-one-way': ([a, b]) => `packets from node ${a} to node ${b}, one way`,
  'packets-in': ([node]) => `packets to node ${node}, from everywhere`,
  'packets-out': ([node]) => `packets from node ${node}, to everywhere`,
  consequence: () => 'what rests on it',
  zones: ([a, b]) => `between zones ${a} and ${b}`,
  target: ([name]) => `${name}`,
  'wrong-responder': ([node]) => `from node ${node}`,
  'cannot-tell': ([node]) => `with node ${node}`,
  mixed: () => 'unrelated',
};

/** What the targets themselves know: whether the requests of what fails are lost, or the answers to them. */
function directionOf({ kind, nodes: [a, b] }: Scope, explained: readonly CaseVerdict[]): string {
  const told = new Set(explained.flatMap(({ arrival }) => arrival ?? []));
  if (told.size === 0) return '';
  if (kind === 'packets-in') return `; what others send does not arrive at ${a}, what it sends itself does`;
  if (kind === 'packets-out') return `; what ${a} sends does not arrive, what others send to it does`;
  if (isDirected(kind)) return `; what ${a} sends does not arrive at ${b}, the other way it does`;
  if (told.size > 1) return '';
  return told.has('none')
    ? '; the requests do not arrive'
    : '; the requests arrive, the answers are lost on their way back';
}

/** What is common to the failures, as far as they have more in common than the place. */
function whatFails(explained: readonly CaseVerdict[], trait: string): string {
  const [check, ...others] = new Set(explained.map((entry) => entry.case.check));
  const single = check === undefined || others.length > 0 || trait.includes(check) ? '' : check;
  const what = [trait, single].filter((words) => words !== '').join(', ') || 'everything';
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
