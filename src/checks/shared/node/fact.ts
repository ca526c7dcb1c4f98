import type { Case, ClusterNode, Family, Probe, Settings, Topology } from '../../../model.ts';
import type { Look, ProbeContext, Ruling } from '../check.ts';
import type { Host } from './host.ts';

/** One thing about a Node: what is asked of it, how its agent reads it, and what must hold. */
export interface NodeFact {
  /** As `about.fact` of its cases. */
  readonly name: string;
  expand(topology: Topology, settings: Settings): FactCase[];
  /** Absent where nothing is read on the Node: then the API alone tells. */
  reading?: Reading;
  /** `found` is what `read` returned; undefined where there is no reading. */
  judge(entry: Case, found: unknown, look: Look): Ruling;
}

interface Reading {
  /** What the agent needs to know: plain JSON. */
  ask(entry: Case, topology: Topology, settings: Settings): unknown;
  /** On the agent. Plain JSON; rejects where the Node cannot be read. */
  read(host: Host, probe: Probe, context: ProbeContext): Promise<unknown>;
}

export interface FactCase {
  node: ClusterNode;
  /** After the arrow in the case's id. */
  title: string;
  family?: Family;
  about?: Record<string, string>;
}

/** The same case for each Node. */
export function onEach(
  { nodes }: Topology,
  title: string,
  more: Pick<FactCase, 'family' | 'about'> = {},
): FactCase[] {
  return nodes.map((node) => ({ node, title, ...more }));
}

export function passed(sentence: string): Ruling {
  return { verdict: 'passed', reason: 'proof', sentence };
}

export function failed(sentence: string): Ruling {
  return { verdict: 'failed', reason: 'mismatch', sentence };
}

export function unknown(sentence: string): Ruling {
  return { verdict: 'errored', reason: 'too-little', sentence };
}

/** Every fault in one sentence, or else what holds. */
export function ruled(faults: readonly string[], good: string): Ruling {
  return faults.length === 0 ? passed(good) : failed(faults.join('; '));
}

/** What the same case found on each Node that was read, its own among them; by Node, in their order. */
export function foundOn<T>(entry: Case, look: Look): Map<string, T> {
  const fact = entry.about?.fact;
  return look.once(`node/${fact}/${entry.family ?? ''}`, () => {
    const all = new Map<string, T>();
    for (const other of look.cases) {
      if (other.check !== entry.check || other.about?.fact !== fact || other.family !== entry.family)
        continue;
      const attempt = look.seen(other.id);
      if (attempt?.outcome === 'reached') all.set(other.source.node, attempt.found as T);
    }
    return all;
  });
}

/** No other Node could be read, so there is nothing to compare with; not so in a cluster of one Node. */
export function isAlone(found: ReadonlyMap<string, unknown>, look: Look): boolean {
  return found.size < 2 && look.topology.nodes.length > 1;
}

/**
 * Whether one Node's value differs from what at least as many Nodes agree on: of two Nodes that differ nobody
 * can say which is right, so both stand out.
 */
export function standsOut<T>(own: T, all: readonly T[]): boolean {
  const counts = Map.groupBy(all, (value) => value);
  const same = counts.get(own)?.length ?? 0;
  return [...counts].some(([value, those]) => value !== own && those.length >= same);
}

const NAMED = 5;

/** `a, b, c and 4 more`. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}
