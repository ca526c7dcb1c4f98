import type { Case, FindingKind } from '../model.ts';

/** A part of the cluster in which cases may have failed together. */
export interface Scope {
  kind: FindingKind;
  /** In the order in which a reader meets them: source first. */
  nodes: string[];
}

export type ZoneOf = (node: string) => string | undefined;

/** Every scope that a case lies in, the widest first. */
export function scopesOf(entry: Case, zoneOf: ZoneOf): Scope[] {
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
    ...overlayOneWay(entry, from, to),
  ];
}

const EVERYWHERE: Scope = { kind: 'everywhere', nodes: [] };

function zones(from: string | undefined, to: string | undefined): Scope[] {
  if (from === undefined || to === undefined || from === to) return [];
  return [{ kind: 'zones', nodes: [from, to].sort() }];
}

/**
 * What fails when tunnelled packets are lost from one Node to another and only in that direction: requests that
 * take the tunnel that way, and replies that do. A Node's request to a pod is tunnelled, its reply to a pod too,
 * while a pod's request to a Node goes around the tunnel (the Node's address is no pod's).
 */
function overlayOneWay(entry: Case, from: string, to: string): Scope[] {
  const there: Scope = { kind: 'overlay-one-way', nodes: [from, to] };
  const back: Scope = { kind: 'overlay-one-way', nodes: [to, from] };
  if (entry.path === 'pod-to-pod') return [there, back];
  if (entry.path === 'node-to-pod') return [there];
  return entry.path === 'pod-to-node' ? [back] : [];
}
