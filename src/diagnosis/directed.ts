// Packets that are lost in one direction only. They take the requests of one direction's cases with them and the replies of
// the other's, so that both fail: only what the targets say of the requests tells the two directions apart.
import type { Arrival, Case, FindingKind } from '../model.ts';
import type { Membership } from './scopes.ts';

/** Kinds of finding that claim in which direction packets are lost. */
const DIRECTED: ReadonlySet<FindingKind> = new Set(['packets-one-way', 'packets-in', 'packets-out']);

/** Whether only the targets' word can be a ground for such a finding; the tunnel's direction shows by its cases too. */
export function needsWord(kind: FindingKind): boolean {
  return DIRECTED.has(kind);
}

export function isDirected(kind: FindingKind): boolean {
  return DIRECTED.has(kind) || kind === 'overlay-one-way';
}

/** The scopes of lost packets that a case between two Nodes lies in: by its request, and by its reply the other way. */
export function directedScopes(entry: Case, arrival: Arrival | undefined): Membership[] {
  const { path, source, target } = entry;
  const way = WAYS[path];
  if (way === undefined || target.node === undefined || target.node === source.node) return [];
  const there = scopesAlong(source.node, target.node, way.request);
  const back = scopesAlong(target.node, source.node, way.reply);
  return [
    ...there.map((scope) => membership(scope, arrival, 'none')),
    ...back.map((scope) => membership(scope, arrival, 'some')),
  ];
}

/**
 * Whether request and reply take the tunnel: a Node's request to a pod does, a reply to a pod too, while a pod's
 * request to a Node goes around it (the Node's address is no pod's).
 */
const WAYS: Partial<Record<Case['path'], { request: boolean; reply: boolean }>> = {
  'pod-to-pod': { request: true, reply: true },
  'node-to-pod': { request: true, reply: false },
  'pod-to-node': { request: false, reply: true },
  'node-to-node': { request: false, reply: false },
};

function scopesAlong(from: string, to: string, tunnelled: boolean): Membership['scope'][] {
  return [
    { kind: 'packets-in', nodes: [to] },
    { kind: 'packets-out', nodes: [from] },
    { kind: 'packets-one-way', nodes: [from, to] },
    ...(tunnelled ? [{ kind: 'overlay-one-way' as const, nodes: [from, to] }] : []),
  ];
}

function membership(scope: Membership['scope'], arrival: Arrival | undefined, expected: Arrival): Membership {
  if (arrival === undefined) return { scope };
  return { scope, says: arrival === expected ? 'for' : 'against' };
}
