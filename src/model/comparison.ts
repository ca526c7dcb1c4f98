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

/**
 * What became of each case since an earlier run. Ids are bytewise; a case is in one list only, but for `slower`.
 * A skipped case was not asked, so it is treated like one that does not exist.
 */
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
  /** Present where the network as a whole became slower: `slower` then holds what grew beyond that. */
  allSlower?: AllSlower;
  /** Passed now, not asked then. */
  added: string[];
  /** Asked then, not asked now. */
  gone: string[];
  /** Present where the two runs were to ask different things: then only what both asked is in the lists. */
  otherSelection?: OtherSelection;
}

export interface Slower {
  id: string;
  beforeMs: number;
  afterMs: number;
}

/** Medians of the fastest exchange of each way: same ends, same path. */
export interface AllSlower {
  beforeMs: number;
  afterMs: number;
  ways: number;
}

/** How many cases only one of the two runs asked. */
interface OtherSelection {
  onlyNow: number;
  /** Of those, the ones that are failed or errored: nobody knows since when. */
  onlyNowBroken: number;
  onlyThen: number;
}
