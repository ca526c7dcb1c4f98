// What it means.
import type { Family, Topology } from './cluster.ts';
import type { Comparison } from './comparison.ts';
import type { Case, Control } from './expected.ts';
import type { Attempt, Cause, Measured, Outcome } from './seen.ts';

export type Verdict = 'passed' | 'failed' | 'errored' | 'skipped';

/** Why: an outcome (`failed`), a cause (`errored`), `rule` (`skipped`) or `proof` (`passed`); else what a check's own judge found. */
export type Reason =
  | Exclude<Outcome, 'reached' | 'unobserved'>
  | Cause
  | 'rule'
  | 'proof'
  /** Failed: something is not what the API, the settings or the other Nodes say. */
  | 'mismatch'
  /** Failed: the target answered, though it must be blocked. */
  | 'not-blocked'
  /** Errored: a blocked target that nobody could reach may just as well be dead. */
  | 'no-witness'
  /** Errored: too little was seen to judge this. */
  | 'too-little';

export interface CaseVerdict {
  case: Case;
  verdict: Verdict;
  reason: Reason;
  /** One sentence for a person: who, what, to whom, for how long. */
  sentence: string;
  /** Passed, but not at the first attempt or not without loss. */
  flaky: boolean;
  attempts: Attempt[];
  aimedAt?: string;
  tookMs?: number;
  rttMs?: number;
  /** Of a case that was not answered: whether its requests reached the target, by the target's own word. */
  arrival?: Arrival;
  /** Of the attempt that decided. */
  measured?: Measured;
}

/**
 * `none`: no request of the case arrived, so it was lost on its way there. `some`: requests arrived, so it is the
 * answer that was lost. Absent where nobody knows: the target could not be asked, or is none of ours.
 */
export type Arrival = 'none' | 'some';

export interface ControlVerdict {
  control: Control;
  /** `held`: nothing answered, as it must be. `broken`: something did. `unobserved`: nobody knows. */
  state: 'held' | 'broken' | 'unobserved';
  sentence: string;
}

/** What lies behind several cases that did not pass: a hypothesis, with what speaks for and against it. */
export interface Finding {
  /** `node-in node-3 overlay v6`: the same fault has the same id in every run. */
  id: string;
  kind: FindingKind;
  /** One sentence: what is broken, where, in which direction, on which layer. */
  title: string;
  /** Nodes it is about; empty where it is about all of them. */
  nodes: string[];
  /** The id of the finding that it may follow from. */
  consequenceOf?: string;
  /** Ids of the cases that it explains, bytewise. A case is in one finding only. */
  cases: string[];
  /** Cases in its scope that were judged. */
  judged: number;
  /** Cases in its scope that passed, or failed in another direction than it says: they speak against it. */
  contradicting: number;
  confidence: 'high' | 'medium' | 'low';
  /** Most likely first. */
  causes: string[];
  /** Commands to run next. */
  next: string[];
}

export type FindingKind =
  | 'everywhere'
  | 'node'
  | 'node-in'
  | 'node-out'
  | 'node-itself'
  | 'pair'
  | 'one-way'
  | 'overlay-one-way'
  /** Packets are lost in one direction, by the targets' own word: requests of one, replies of the other. */
  | 'packets-one-way'
  | 'packets-in'
  | 'packets-out'
  /** What may fail only because of another finding. */
  | 'consequence'
  | 'zones'
  | 'target'
  | 'wrong-responder'
  | 'cannot-tell'
  | 'mixed';

export interface Diagnosis {
  /** The one that explains most first. */
  findings: Finding[];
  /** Ids of failed and errored cases that no finding explains. */
  unexplained: string[];
}

/** 0 all passed · 1 a case failed · 2 could not tell, or a control broke · 3 misuse or set-up failed. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A run that could not even start, or one thing that went wrong beside the cases. */
export interface Problem {
  code: string;
  message: string;
  /** What the reader can do next. */
  hint?: string;
}

export interface Resume {
  /** ISO 8601, UTC. */
  started: string;
  seconds: number;
  /** Cases that were run again. */
  cases: number;
  /** Of those, the ones that pass now. */
  passed: number;
}

export interface RunResult {
  run: string;
  cluster: string;
  version: string;
  started: string;
  /** Seconds, from the first API request to the last observation. */
  seconds: number;
  families: Family[];
  nodes: string[];
  /** Nodes that a rule of the settings left out: not tested, and told. */
  excluded: Topology['excluded'];
  /** What a reader should know though it is no fault: a cordoned Node, a taint. */
  notes: string[];
  /** What lies behind the cases that did not pass. */
  diagnosis: Diagnosis;
  /** Beside the run before it in the same results folder, where there is one. */
  comparison?: Comparison;
  /** Each `netaccept resume` of this run, in order: what was asked again, and what became of it. */
  resumes: Resume[];
  verdicts: CaseVerdict[];
  controls: ControlVerdict[];
  /** What a pass of each check is worth (`Check.proof`), by the check's name: printed with the evidence. */
  proofs?: Record<string, string>;
  /** Set-up failures (exit 3) and violated invariants (exit 2). */
  problems: Problem[];
  exitCode: ExitCode;
}
