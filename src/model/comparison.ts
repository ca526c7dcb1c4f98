// This run beside an earlier one.
import type { Verdict } from './verdict.ts';

/** An earlier run of the same cluster, as far as a later one is compared with it. */
export interface Baseline {
  run: string;
  /** ISO 8601, UTC. */
  started: string;
  exitCode: number;
  cases: BaselineCase[];
}

export interface BaselineCase {
  /** The case's id: stable between runs. */
  id: string;
  verdict: Verdict;
  flaky?: true;
  rttMs?: number;
}

/** What became of each case since an earlier run. Ids are bytewise; a case is in one list only, but for `slower`. */
export interface Comparison {
  against: Omit<Baseline, 'cases'>;
  /** Failed or errored now, and was not: it passed, was skipped, or did not exist. */
  newlyBroken: string[];
  /** Passed now; failed or errored then. */
  fixed: string[];
  /** Failed or errored, now as then. */
  stillBroken: string[];
  /** Passed both times, flaky now and not then. */
  newlyFlaky: string[];
  /** Passed both times, and the rtt grew by more than noise. */
  slower: Slower[];
  /** Cases that did not exist then. */
  added: string[];
  /** Cases that do not exist now. */
  gone: string[];
}

export interface Slower {
  id: string;
  beforeMs: number;
  afterMs: number;
}
