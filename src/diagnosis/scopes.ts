import type { Case, CaseVerdict, FindingKind } from '../model.ts';
import { directedScopes } from './directed.ts';

/** A part of the cluster in which cases may have failed together. */
export interface Scope {
  kind: FindingKind;
  /** In the order in which a reader meets them: source first. */
  nodes: string[];
}

export type ZoneOf = (node: string) => string | undefined;

/** A scope that a case lies in, and what the target's own word about the case's requests says to it. */
export interface Membership {
  scope: Scope;
  says?: 'for' | 'against';
}

/** Every scope that a case lies in, the widest first. */
export function scopesOf({ case: entry, arrival }: CaseVerdict, zoneOf: ZoneOf): Membership[] {
  return [...undirected(entry, zoneOf).map((scope) => ({ scope })), ...directedScopes(entry, arrival)];
}

function undirected(entry: Case, zoneOf: ZoneOf): Scope[] {
  const from = entry.source.node;
  const to = entry.target.node;
  if (entry.path === 'on-node') return [{ kind: 'node-itself', nodes: [from] }, EVERYWHERE];
  if (to === undefined) return [EVERYWHERE, { kind: 'node-out', nodes: [from] }];
  if (from === to) {
    return [
      EVERYWHERE,
      { kind: 'node-in', nodes: [to] },
      { kind: 'node-out', nodes: [from] },
      { kind: 'node-itself', nodes: [from] },
    ];
  }
  return [
    EVERYWHERE,
    { kind: 'node', nodes: [from] },
    { kind: 'node', nodes: [to] },
    { kind: 'node-in', nodes: [to] },
    { kind: 'node-out', nodes: [from] },
    ...zones(zoneOf(from), zoneOf(to)),
    { kind: 'pair', nodes: [from, to].sort() },
    { kind: 'one-way', nodes: [from, to] },
  ];
}

const EVERYWHERE: Scope = { kind: 'everywhere', nodes: [] };

function zones(from: string | undefined, to: string | undefined): Scope[] {
  if (from === undefined || to === undefined || from === to) return [];
  return [{ kind: 'zones', nodes: [from, to].sort() }];
}
