import { SetupError } from '../errors.ts';
import type { Case, ClusterNode, Problem, Topology } from '../model.ts';

/** How the cluster's Nodes differ from those of a recorded run; names, in their order. */
export interface NodeChange {
  gone: string[];
  /** Not there then. */
  joined: string[];
  /** The same name, but another Node: what was proven of the old one says nothing about it. */
  replaced: string[];
}

export function nodeChange(
  then: Pick<Topology, 'nodes' | 'excluded'>,
  now: Pick<Topology, 'nodes' | 'excluded'>,
): NodeChange {
  const before = new Map(then.nodes.map((node) => [node.name, node]));
  const after = new Map(now.nodes.map((node) => [node.name, node]));
  const leftOut = new Set(then.excluded.map(({ node }) => node));
  return {
    gone: [...before.keys()].filter((name) => !after.has(name)),
    joined: [...after.keys()].filter((name) => !before.has(name) && !leftOut.has(name)),
    replaced: now.nodes.filter((node) => isOther(node, before.get(node.name))).map(({ name }) => name),
  };
}

function isOther(node: ClusterNode, before: ClusterNode | undefined): boolean {
  return before !== undefined && before.uid !== node.uid;
}

/** Throws a SetupError that names every Node because of which the recorded plan no longer fits. */
export function mustFit({ gone, joined, replaced }: NodeChange): void {
  const problems = [
    ...gone.map((name) => `Node ${name} of the recorded run is gone`),
    ...joined.map((name) => `Node ${name} is new: the recorded run knows nothing of it`),
    ...replaced.map((name) => `Node ${name} is another one than in the recorded run: it was registered anew`),
  ].map((message): Problem => ({ code: 'plan-changed', message }));
  if (problems.length === 0) return;
  const [last] = problems.splice(-1);
  const hint = 'run netaccept check anew, or resume --force: what remains is run, the rest is errored';
  throw new SetupError([...problems, ...(last === undefined ? [] : [{ ...last, hint }])]);
}

/** Nodes that nobody tests: without them a resumed run is not green. */
export function uncovered({ joined }: NodeChange): Problem[] {
  return joined.map((name) => ({
    code: 'plan-changed',
    message: `Node ${name} is new since the run began: not tested`,
    hint: 'run netaccept check anew: then it is part of the matrix',
  }));
}

/** Whether a case starts at one of these Nodes or goes to it. */
export function touches({ source, target }: Case, nodes: ReadonlySet<string>): boolean {
  return nodes.has(source.node) || (target.node !== undefined && nodes.has(target.node));
}
