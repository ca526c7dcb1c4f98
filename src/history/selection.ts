import type { Settings } from '../model.ts';
import { sortedBy } from '../order.ts';

/** What of the settings decides which cases there are, apart from targets: those are wanted news when they change. */
export interface Selection {
  only: string[];
  skip: string[];
  nodes: { selector: string; exclude: string[] };
  hostNetwork: boolean;
}

export function selectionOf({ only, skip, nodes, agents }: Settings): Selection {
  return {
    only: ordered(only),
    skip: ordered(skip),
    nodes: { selector: nodes.selector, exclude: ordered(nodes.exclude) },
    hostNetwork: agents.hostNetwork,
  };
}

export function isSameSelection(one: Selection | undefined, other: Selection | undefined): boolean {
  return JSON.stringify(parts(one)) === JSON.stringify(parts(other));
}

/** In one order, whoever wrote it. */
function parts(selection: Selection | undefined): unknown {
  if (selection === undefined) return undefined;
  const { only, skip, nodes, hostNetwork } = selection;
  return [only, skip, nodes.selector, nodes.exclude, hostNetwork];
}

/** `--only tcp,udp` and `--only udp,tcp,udp` ask the same. */
function ordered(names: readonly string[]): string[] {
  return sortedBy(new Set(names), (name) => name);
}
