// What is in the page beside its markup: the run as columns of numbers into a few lists of names, so that half
// a million cases are a few megabytes. Every part is JSON, deflated, in base64.
import type { Arrival, Attempt, Comparison, Finding, Problem, Resume, RunResult } from '../../model.ts';

/** Worst first, as the page sorts its cases: `flaky` is a pass that took a retry or lost packets. */
export const MARKS = ['failed', 'errored', 'flaky', 'passed', 'skipped'] as const;
export type Mark = (typeof MARKS)[number];

/** What became of a case since the run before; the first is "nothing to tell". */
export const CHANGES = ['', 'newly-broken', 'fixed', 'still-broken', 'newly-flaky', 'added'] as const;
export type Change = (typeof CHANGES)[number];

/** For a column's number: there is nothing. */
export const NONE = -1;

/** Cases of one block, in the page's order; a click on a case decodes the evidence of its block only. */
export const BLOCK_CASES = 4096;

/** One number per case in each. */
export interface Columns {
  /** Into `groups`. */
  group: number[];
  /** Into `nodes`. */
  source: number[];
  /** Into `targets`. */
  target: number[];
  /** Into `MARKS`. */
  mark: number[];
  /** Into `reasons`. */
  reason: number[];
  /** Into `findings`. */
  finding: number[];
  /** Into `rules`: of a skipped case. */
  rule: number[];
  /** Into `CHANGES`. */
  change: number[];
  /** Microseconds. */
  rtt: number[];
  /** Per mille. */
  loss: number[];
  /** Bytes. */
  pathMtu: number[];
}

export interface Block {
  columns: Columns;
  /** Ids that are not what the other columns say, by place in the block. */
  ids: [number, string][];
}

/** Why a case got its verdict: what a reader asks for one case at a time. */
export interface Evidence {
  sentence: string;
  attempts: Attempt[];
  aimedAt?: string;
  tookMs?: number;
  arrival?: Arrival;
  about?: Record<string, string>;
  expect?: 'blocked';
}

/** Key by key instead of case by case: what is alike stands together, and is deflated to next to nothing. */
export type EvidenceBlock = { [Key in keyof Evidence]-?: (Evidence[Key] | null)[] };

export interface Group {
  path: string;
  check: string;
  /** Empty where a case is not about one family. */
  family: string;
}

export interface PackedTarget {
  name: string;
  /** Into `nodes`; absent where the target is not at a Node. */
  node?: number;
}

export interface PackedComparison extends Pick<Comparison, 'against'> {
  /** By their place among the cases. */
  slower: { row: number; beforeMs: number; afterMs: number }[];
  /** The first of them; `goneCount` counts all. */
  gone: string[];
  goneCount: number;
}

/** Everything but the cases. */
export interface Overview
  extends Pick<
    RunResult,
    'run' | 'cluster' | 'version' | 'started' | 'seconds' | 'families' | 'excluded' | 'notes' | 'exitCode'
  > {
  problems: Problem[];
  resumes: Resume[];
  proofs: Record<string, string>;
  comparison?: PackedComparison;
  /** Their cases are in the column `finding`. */
  findings: (Omit<Finding, 'cases'> & { count: number })[];
  unexplained: number;
  /** Those that did not hold, whole. */
  controls: { id: string; state: 'broken' | 'unobserved'; sentence: string }[];
  controlsHeld: number;
  /** Nodes under test first, `tested` of them, then others that a case names. */
  nodes: string[];
  tested: number;
  groups: Group[];
  targets: PackedTarget[];
  reasons: string[];
  rules: string[];
  cases: number;
  /** Of the last cases, plain passes and skips, the evidence is not in the page: from this place on. */
  evidenceUntil: number;
}
