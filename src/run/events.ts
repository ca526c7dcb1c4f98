/** What a run tells while it goes on; the CLI prints it, tests look at it. */
export type RunEvent =
  | { phase: 'connected'; cluster: string; version: string }
  /** Another run holds the cluster's lock. */
  | { phase: 'waiting'; message: string }
  /** What the run has to do without. */
  | { phase: 'warning'; message: string }
  | { phase: 'agents'; ready: number; wanted: number }
  | { phase: 'probing'; done: number; total: number; failed: number; errored: number }
  | { phase: 'note'; message: string };

export type Tell = (event: RunEvent) => void;
