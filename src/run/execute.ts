import pMap from 'p-map';
import { messageOf } from '../errors.ts';
import type { Batch, Cause, JournalEntry, Observation, Plan, Round, Settings } from '../model.ts';
import { type AgentLine, type ArrivalsQuestion, type BatchRequest, ROUNDS, WIRE } from '../wire.ts';
import { type Unanswered, unansweredOf } from './arrivals.ts';
import { calmConcurrency, waveDeadlineMs } from './budget.ts';
import { type Gates, gatesFor } from './gates.ts';

/** How a batch's stream ended. `complete` only if the agent said so and its exit status agrees. */
interface BatchEnd {
  complete: boolean;
  cause?: Cause;
  detail?: string;
}

/** One exec: sends the request, hands every line over, and always ends. */
export type RunBatch = (
  batch: Batch,
  request: BatchRequest,
  handlers: {
    onLine(line: AgentLine): void;
    /** Asked after each round but the last: the agent is told to go on when it resolves. */
    nextRound(): Promise<void>;
    /** Asked after the last one: what the agent is to find out about its own responder. */
    question(): Promise<ArrivalsQuestion>;
    signal: AbortSignal;
    deadlineMs: number;
  },
) => Promise<BatchEnd>;

/** Probes in flight towards one address, from one source. */
const PER_TARGET = 4;
/** An agent that stops at its deadline still has to say so: the stream lives this much longer. */
const GRACE_MS = 10_000;
/** For an agent that has nothing to do but to say what arrived at it. */
const ASKING_MS = 15_000;

export interface Execution {
  runBatch: RunBatch;
  append(entry: JournalEntry): void;
  /** Called for every observation, for progress. */
  onObservation(observation: Observation): void;
  /** Makes ready what a round needs. Called before each round of each wave of sources; may throw. */
  enter(round: Round): Promise<void>;
  signal: AbortSignal;
  /** Milliseconds; monotonic. */
  now(): number;
}

/**
 * Runs every batch, a bounded number of sources at a time, and appends what arrives. Never throws for what one
 * batch did: its cases stay unobserved, with the cause beside them.
 */
export async function executePlan(plan: Plan, settings: Settings, execution: Execution): Promise<void> {
  const { append, now } = execution;
  for (const observation of plan.unsent) {
    append({ type: 'observation', observation });
    execution.onObservation(observation);
  }
  const deadline = now() + settings.run.deadlineMs;
  const size = settings.probe.sourcesAtOnce;
  const unanswered = unansweredOf(plan, now);
  for (let at = 0; at < plan.batches.length; at += size) {
    await runWave(
      { ...plan, batches: plan.batches.slice(at, at + size) },
      settings,
      deadline,
      execution,
      unanswered,
    );
  }
  await askTheRest(plan.run, settings, deadline, execution, unanswered);
}

/**
 * One more exec for each agent whose own wave was over when somebody of another one got no answer from it: none where all
 * went well, and none where all sources fit into one wave.
 */
async function askTheRest(
  run: string,
  settings: Settings,
  deadline: number,
  execution: Execution,
  unanswered: Unanswered,
): Promise<void> {
  const { signal, now } = execution;
  const concurrency = settings.probe.sourcesAtOnce;
  await pMap(
    unanswered.left(),
    async (source) => {
      const leftMs = Math.min(ASKING_MS, deadline - now());
      if (signal.aborted || leftMs <= 0) return;
      const turn = { run, batch: { source, rounds: [] }, rounds: [], gates: NO_GATES, unanswered };
      // What it cannot tell stays unknown: its own batch was judged when it ended.
      await runOne(turn, settings, leftMs, execution);
    },
    { concurrency },
  );
}

const NO_GATES: Gates = { pass: () => Promise.resolve(), leave: () => undefined };

/** Sources that go through the same rounds side by side: nobody measures while another one still floods. */
async function runWave(
  { run, batches }: Plan,
  settings: Settings,
  deadline: number,
  execution: Execution,
  unanswered: Unanswered,
): Promise<void> {
  const { append, signal, now } = execution;
  const rounds = ROUNDS.filter((round) =>
    batches.some((batch) => batch.rounds.some((one) => one.round === round)),
  );
  const gates = gatesFor(batches.map(keyOf), rounds, async (round) => {
    // The last source that an interruption ends would otherwise open the gate for those that it has not ended yet.
    signal.throwIfAborted();
    await execution.enter(round);
  });
  let notReady: string | undefined;
  const [first] = rounds;
  if (first !== undefined && !signal.aborted) {
    await execution.enter(first).catch((error: unknown) => {
      notReady = messageOf(error);
    });
  }
  const budgetMs = waveDeadlineMs(batches, settings, deadline - now());
  await pMap(batches, async (batch) => {
    const end = signal.aborted
      ? { complete: false, cause: 'interrupted' as const }
      : notReady !== undefined
        ? { complete: false, cause: 'batch-aborted' as const, detail: notReady }
        : await runOne(
            { run, batch, rounds, gates, unanswered },
            settings,
            Math.min(budgetMs, deadline - now()),
            execution,
          );
    gates.leave(keyOf(batch));
    if (end.complete) unanswered.completed(batch.source);
    append({ type: 'batch-ended', source: batch.source, ...end });
  });
}

interface Turn {
  run: string;
  batch: Batch;
  /** Of the whole wave: a source without probes in one of them waits it out. */
  rounds: readonly Round[];
  gates: Gates;
  unanswered: Unanswered;
}

async function runOne(
  { run, batch, rounds, gates, unanswered }: Turn,
  settings: Settings,
  deadlineMs: number,
  execution: Execution,
): Promise<BatchEnd> {
  if (deadlineMs <= 0) return { complete: false, cause: 'deadline', detail: 'the run had no time left' };
  const { concurrency, pace, maxLossPercent } = settings.probe;
  const request = {
    wire: WIRE,
    run,
    concurrency,
    calmConcurrency: calmConcurrency(concurrency),
    perTarget: PER_TARGET,
    pace,
    deadlineMs,
    maxLossPercent,
    rounds: rounds.map((round) => ({ round, probes: probesIn(batch, round) })),
  };
  const asked = new Set(batch.rounds.flatMap(({ probes }) => probes.map((probe) => probe.case)));
  const awaited = new Set(asked);
  const handlers = {
    onLine(line: AgentLine) {
      if (line.type === 'arrivals') execution.append(unanswered.answerOf(batch.source, line));
      // An agent can only speak for what it was asked.
      if (line.type !== 'observation' || !asked.has(line.observation.case)) return;
      // Told twice, it is written twice: who judges it must see where an agent contradicts itself.
      execution.append({ type: 'observation', observation: line.observation });
      if (!awaited.delete(line.observation.case)) return;
      unanswered.note(line.observation);
      execution.onObservation(line.observation);
    },
    nextRound: () => gates.pass(keyOf(batch)),
    question: async () => {
      // When all others are through as well: what they got no answer to is what this one is asked.
      await gates.pass(keyOf(batch));
      return unanswered.questionFor(batch.source);
    },
    signal: execution.signal,
    deadlineMs: deadlineMs + GRACE_MS,
  };
  try {
    const end = await execution.runBatch(batch, request, handlers);
    if (!end.complete || awaited.size === 0) return end;
    return { complete: false, cause: 'no-reply', detail: `the agent said done but left out ${awaited.size}` };
  } catch (error) {
    return { complete: false, cause: 'exec-broken', detail: messageOf(error) };
  }
}

function probesIn(batch: Batch, round: Round) {
  return batch.rounds.find((one) => one.round === round)?.probes ?? [];
}

function keyOf({ source }: Batch): string {
  return `${source.network} ${source.node}`;
}
