// Between the runner and one agent's `probe`: one JSON line in, NDJSON lines out, over one exec stream.
import type { Identity, Observation, Probe } from './model.ts';

/** Grows when an old agent could misread a new runner, or the reverse. Each side refuses another number. */
export const WIRE = 1;

export interface BatchRequest {
  wire: number;
  run: string;
  /** Probes in flight. */
  concurrency: number;
  /** Probes in flight towards one address. */
  perTarget: number;
  /** New probes per second. */
  pace: number;
  /** Milliseconds after which the agent gives up on what is left and says so. */
  deadlineMs: number;
  maxLossPercent: number;
  probes: Probe[];
}

export type AgentLine =
  /** First line: proves which pod the exec really reached. */
  | ({ type: 'hello'; wire: number } & Identity)
  | { type: 'observation'; observation: Observation }
  /** Last line. `count` observations were written before it. */
  | { type: 'done'; count: number }
  /** The agent could not take the batch at all. */
  | { type: 'refused'; message: string };

/** An agent waits this long before a probe's second attempt, twice as long before its third, and so on. */
export const RETRY_PAUSE_MS = 200;
