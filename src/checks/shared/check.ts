import type { Attempt, Case, Plan, Probe, Settings, Topology } from '../../model.ts';

/**
 * The whole contract of a check: what it expects (pure), where a case's probe goes (pure), and how one
 * attempt is made (on the agent). Adding one is one file in `src/checks` and one line in `registry.ts`.
 */
export interface Check {
  /** Lower case, as it stands in ids, config, `--only` and JUnit class names. */
  readonly name: string;
  /** One line for the README's table and `--help`. */
  readonly title: string;
  /** What a pass is worth: printed with the evidence. */
  readonly proof: string;
  /** Every case of this check, in any order; skipped ones too, with their rule. */
  expand(topology: Topology, settings: Settings): Case[];
  /** Address, port and expected responders of a case. */
  aim(entry: Case, topology: Topology, settings: Settings): Aim;
  /** Probes that must not be answered, without `case` ids: the plan adds them per source agent. */
  controls(settings: Settings): ControlAim[];
  /** One attempt. Never throws for what the network did; a throw becomes `unobserved: probe-crashed`. */
  attempt(probe: Probe, context: ProbeContext): Promise<Attempt>;
}

export type Aim =
  | { kind: 'probe'; address: string; port: number; expect: string[]; count: number }
  | { kind: 'unsent'; attempt: Attempt };

export interface ControlAim {
  kind: Plan['controls'][number]['kind'];
  port: number;
  count: number;
}

export interface ProbeContext {
  /** Aborted on SIGTERM and at the batch's deadline; its `reason` is the cause, `interrupted` or `deadline`. */
  signal: AbortSignal;
  /** The installation's token: responders stay silent without it. */
  token: string;
  /** Share of lost datagrams up to which an attempt is `reached`, percent. */
  maxLossPercent: number;
  /** A fresh unguessable hex string per call: the reply must carry it. */
  nonce(): string;
}
