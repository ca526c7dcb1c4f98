import type { ClusterNode, JournalEntry } from '../model.ts';

/** What an operator should know about the Nodes though no case fails by it; by Node, what came up meanwhile last. */
export function notesOn(nodes: readonly ClusterNode[], journal: readonly JournalEntry[]): string[] {
  const after = journal.findLast((entry) => entry.type === 'nodes-after')?.nodes ?? [];
  const later = new Map(after.map((node) => [node.name, node]));
  return nodes.flatMap((node) => {
    const before = remarksOn(node);
    const now = later.get(node.name);
    const since = now === undefined ? [] : remarksOn(now).filter((remark) => !before.includes(remark));
    return [...before, ...since.map((remark) => `${remark} (since the run began)`)];
  });
}

function remarksOn({ name, schedulable, taints }: ClusterNode): string[] {
  return [
    ...(schedulable ? [] : [`Node ${name} is cordoned`]),
    ...(taints.length === 0 ? [] : [`Node ${name} is tainted: ${taints.join(', ')}`]),
  ];
}
