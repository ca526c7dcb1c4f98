// Between the runner and one agent's `probe`: one JSON line in, NDJSON lines out, over one exec stream. After
// each round but the last the agent waits for one more line, so that all agents begin the next one together; after the
// last one for a line that asks which of the attempts that others made in vain arrived at its own pod.
import type { Identity, Observation, Round, RoundProbes } from './model.ts';

/** Grows when an old agent could misread a new runner, or the reverse. Each side refuses another number. */
export const WIRE = 3;

/** In the order in which they are run. */
export const ROUNDS = ['main', 'settled', 'calm', 'enforced', 'lifted'] as const satisfies readonly Round[];

/** What the runner writes when an agent may begin its next round. */
export const GO = 'go\n';

export interface BatchRequest {
  wire: number;
  run: string;
  /** Probes in flight. */
  concurrency: number;
  /** The same in the `calm` round: with more, a round trip measures this process and not the network. */
  calmConcurrency: number;
  /** Probes in flight towards one address. */
  perTarget: number;
  /** New probes per second. */
  pace: number;
  /** Milliseconds after which the agent gives up on what is left and says so; waiting for others counts. */
  deadlineMs: number;
  maxLossPercent: number;
  rounds: RoundProbes[];
}

/** What the runner writes when an agent is through with all rounds, as one line of JSON. */
export interface ArrivalsQuestion {
  /** Of attempts at this agent's pod that nobody answered (`Attempt.mark`). */
  marks: string[];
  /** How far back they go, milliseconds: whoever forgot something younger cannot say that it never came. */
  sinceMs: number;
}

export type AgentLine =
  /** First line: proves which pod the exec really reached. */
  | ({ type: 'hello'; wire: number } & Identity)
  | { type: 'observation'; observation: Observation }
  /** Every probe of this round has been reported. Not said of the last one. */
  | { type: 'round-done'; round: Round }
  /** Every probe of all rounds has been reported: an `ArrivalsQuestion` is awaited. Not said after an abort. */
  | { type: 'probed' }
  /** Of the marks that were asked for, those that arrived. The others did not if `whole`; else nobody knows. */
  | { type: 'arrivals'; arrived: string[]; whole: boolean }
  /** Last line. `count` observations were written before it. */
  | { type: 'done'; count: number }
  /** The agent could not take the batch at all. */
  | { type: 'refused'; message: string };

/** An agent waits this long before a probe's second attempt, twice as long before its third, and so on. */
export const RETRY_PAUSE_MS = 200;
