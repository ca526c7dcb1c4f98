// Services, names and the API server rest on the ways between Nodes: where one of these is cut, they fail as well, in as
// many kinds of case as there are. That is told as one thing, and as what it follows from.
import type { Case, CaseVerdict, Finding, FindingKind } from '../model.ts';
import type { Candidate } from './candidates.ts';
import { placeOf } from './words.ts';

/** A finding about the ways between Nodes and pods. */
export interface Root {
  finding: Finding;
  candidate: Candidate;
}

export interface Consequences {
  /** What most cases may follow from, of those not in `explained`, and these cases. */
  largest(explained: ReadonlySet<CaseVerdict>): { finding: Finding; members: CaseVerdict[] } | undefined;
}

/** `failing`: of what rests on those ways. */
export function consequencesOf(roots: readonly Root[], failing: readonly CaseVerdict[]): Consequences {
  const open = roots.filter(({ candidate }) => carriesOthers(candidate));
  return {
    largest(explained) {
      let largest: { root: Root; members: CaseVerdict[] } | undefined;
      for (const root of open) {
        const members = failing.filter((entry) => !explained.has(entry) && mayFollow(entry, root.candidate));
        if (members.length > (largest?.members.length ?? 0)) largest = { root, members };
      }
      return largest && { finding: findingOf(largest.root, largest.members), members: largest.members };
    },
  };
}

const PAIRS: ReadonlySet<FindingKind> = new Set(['pair', 'one-way', 'overlay-one-way', 'packets-one-way']);
const NODES: ReadonlySet<FindingKind> = new Set(['node', 'node-in', 'node-out', 'packets-in', 'packets-out']);
const CARRYING = /^(overlay|programs|family v[46]|source network pod|target network pod)$/;

/** Nothing rests on ping, or on the agents' own ports on a Node; everything does on the pod network. */
function carriesOthers({ scope, trait }: Candidate): boolean {
  const isWay = scope.kind === 'everywhere' || PAIRS.has(scope.kind) || NODES.has(scope.kind);
  return isWay && trait.key.split(' + ').every((part) => part === '' || CARRYING.test(part));
}

/** Whether one of the flows of this case may have gone the way that is cut. */
function mayFollow(verdict: CaseVerdict, { scope, trait }: Candidate): boolean {
  const { case: entry } = verdict;
  const family = /family (v[46])/.exec(trait.key)?.[1];
  if (family !== undefined && entry.family !== undefined && entry.family !== family) return false;
  if (scope.kind === 'everywhere') return true;
  const from = entry.source.node;
  const to = entry.target.node;
  const ends = (...nodes: string[]) => nodes.every((node) => scope.nodes.includes(node));
  // Whoever balances chooses an endpoint, at any Node.
  if (to === undefined) return ends(from) || (NODES.has(scope.kind) && wasPartlyAnswered(verdict));
  if (NODES.has(scope.kind)) return ends(from) || ends(to) || isBalancedAt(entry);
  return (from !== to && ends(from, to)) || (isBalancedAt(entry) && ends(to));
}

/** A NodePort of that Node leads on to an endpoint at any. */
function isBalancedAt({ path }: Case): boolean {
  return path.endsWith('-to-service');
}

/** Some flows met an endpoint, others did not: as when one Node's endpoints are cut off. */
function wasPartlyAnswered({ attempts }: CaseVerdict): boolean {
  return (attempts.at(-1)?.received ?? 0) > 0;
}

function findingOf({ finding: root, candidate }: Root, members: readonly CaseVerdict[]): Finding {
  const checks = [...new Set(members.map((entry) => entry.case.check))];
  return {
    id: `consequence of ${root.id}`,
    kind: 'consequence',
    title: `${checks.join(', ')}: may only follow from what fails here: ${placeOf(candidate.scope)}`,
    nodes: root.nodes,
    consequenceOf: root.id,
    cases: members.map((entry) => entry.case.id),
    judged: members.length,
    contradicting: 0,
    confidence: 'medium',
    causes: [`follows from: ${root.title}`],
    next: [`mend that first, then: netaccept check --only ${checks.join(',')}`],
  };
}
