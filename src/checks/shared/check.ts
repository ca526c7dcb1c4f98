import type {
  Agent,
  Attempt,
  Case,
  ClusterNode,
  Control,
  PathName,
  Probe,
  Reason,
  Round,
  Settings,
  Topology,
  Verdict,
} from '../../model.ts';

/**
 * The whole contract of a check: what it expects (pure), where a case's probe goes (pure), how one attempt is
 * made (on the agent), and what it means (pure, where the default is not enough). Adding one is one file in
 * `src/checks`, one line in `registry.ts`.
 */
export interface Check {
  /** Lower case, as it stands in ids, config, `--only` and JUnit class names. */
  readonly name: string;
  /** One line for the README's table and `--help`. */
  readonly title: string;
  /** What a pass is worth: printed with the evidence. */
  readonly proof: string;
  /** `by default`, or which key of the configuration it takes, and why. */
  readonly runs: string;
  /** The paths that its cases can have. */
  readonly paths: readonly PathName[];
  /** Every case of this check, in any order; skipped ones too, with their rule. */
  expand(topology: Topology, settings: Settings): Case[];
  /** Address, port and expected responders of a case. */
  aim(entry: Case, topology: Topology, settings: Settings): Aim;
  /** Probes that must not be answered, without `case` ids: the plan adds them per source agent. */
  controls(settings: Settings): ControlAim[];
  /** One attempt. Never throws for what the network did; a throw becomes `unobserved: probe-crashed`. */
  attempt(probe: Probe, context: ProbeContext): Promise<Attempt>;
  /**
   * What the attempt that decides means. Only asked when something was observed, so it need not think of
   * `unobserved`; `last` is undefined only where `aim` said `derived`. Without it: `reached` by an expected
   * pod passes, everything else fails with its outcome.
   */
  judge?(entry: Case, last: Attempt | undefined, look: Look): Ruling;
  /** Where `judge` looks at other cases: whose observations a case needs, and to whom it gives its own. */
  witness?(entry: Case): WitnessRole;
}

/** When a case is run again, so is every case of its check that `gives` what it `needs`. */
export interface WitnessRole {
  needs?: string;
  gives?: string;
}

export type Aim = ProbeAim | { kind: 'unsent'; attempt: Attempt } | { kind: 'derived' };

export interface ProbeAim {
  kind: 'probe';
  /** An IP address; empty where nothing is sent, or `ask` names a host. */
  address: string;
  port: number;
  /** Pod UIDs that may answer; empty where the answer cannot say. */
  expect: string[];
  count: number;
  ask?: unknown;
  /** `main` if absent. */
  round?: Round;
  /** Instead of `probe.attempts` and `probe.timeout` of the settings. */
  attempts?: number;
  timeoutMs?: number;
}

export interface ControlAim {
  kind: Control['kind'];
  /** Tells controls of one kind apart, where a check has several: stands in the id. */
  label?: string;
  port: number;
  count: number;
  ask?: unknown;
}

/** What else was seen, and what the API said: for checks that judge a case by more than its own observation. */
export interface Look {
  topology: Topology;
  settings: Settings;
  /** The whole matrix, bytewise by id. */
  cases: readonly Case[];
  /** The last attempt of any case; undefined if nobody reported on it. */
  seen(id: string): Attempt | undefined;
  /** After the last probe; undefined when nobody could look. */
  agentsAfter: readonly Agent[] | undefined;
  nodesAfter: readonly ClusterNode[] | undefined;
  /** `make()` once per run and key: what is gathered from all cases must not be gathered for each of them. */
  once<T>(key: string, make: () => T): T;
}

export interface Ruling {
  verdict: Exclude<Verdict, 'skipped'>;
  reason: Reason;
  /** Instead of the sentence that the reason would get. */
  sentence?: string;
  /** Put behind the reason's own sentence, in brackets. */
  detail?: string | undefined;
}

export interface ProbeContext {
  /** Aborted on SIGTERM and at the batch's deadline; its `reason` is the cause, `interrupted` or `deadline`. */
  signal: AbortSignal;
  /** The installation's token: responders stay silent without it. */
  token: string;
  /** Share of lost datagrams up to which an attempt is `reached`, percent. */
  maxLossPercent: number;
  /** When this round began on this agent, of `performance.now()`. */
  roundStartedAt: number;
  /** A fresh unguessable hex string per call: the reply must carry it. */
  nonce(): string;
  /**
   * Resolves when one more flow may start, by the agent's pace. The first flow of an attempt need not ask; an attempt
   * that opens several must, before each further one.
   */
  paced(): Promise<void>;
}
