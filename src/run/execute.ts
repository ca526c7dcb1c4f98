import pMap from 'p-map';
import { messageOf } from '../errors.ts';
import type { Batch, Cause, JournalEntry, Observation, Plan, Settings } from '../model.ts';
import { type AgentLine, type BatchRequest, WIRE } from '../wire.ts';
import { batchDeadlineMs } from './budget.ts';

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
  handlers: { onLine(line: AgentLine): void; signal: AbortSignal; deadlineMs: number },
) => Promise<BatchEnd>;

/** Probes in flight towards one address, from one source. */
const PER_TARGET = 4;
/** An agent that stops at its deadline still has to say so: the stream lives this much longer. */
const GRACE_MS = 10_000;

export interface Execution {
  runBatch: RunBatch;
  append(entry: JournalEntry): void;
  /** Called for every observation, for progress. */
  onObservation(observation: Observation): void;
  signal: AbortSignal;
  /** Milliseconds; monotonic. */
  now(): number;
}

/**
 * Runs every batch, a bounded number at a time, and appends what arrives. Never throws for what one
 * batch did: its cases stay unobserved, with the cause beside them.
 */
export async function executePlan(plan: Plan, settings: Settings, execution: Execution): Promise<void> {
  const { append, signal, now } = execution;
  for (const observation of plan.unsent) {
    append({ type: 'observation', observation });
    execution.onObservation(observation);
  }
  const deadline = now() + settings.run.deadlineMs;
  await pMap(
    plan.batches,
    async (batch) => {
      const end = signal.aborted
        ? { complete: false, cause: 'interrupted' as const }
        : await runOne(plan.run, batch, settings, deadline - now(), execution);
      append({ type: 'batch-ended', source: batch.source, ...end });
    },
    { concurrency: settings.probe.sourcesAtOnce },
  );
}

async function runOne(
  run: string,
  batch: Batch,
  settings: Settings,
  leftMs: number,
  execution: Execution,
): Promise<BatchEnd> {
  const { probes } = batch;
  if (leftMs <= 0) return { complete: false, cause: 'deadline', detail: 'the run had no time left' };
  const deadlineMs = batchDeadlineMs(probes, settings, leftMs);
  const { concurrency, pace, maxLossPercent } = settings.probe;
  const request = {
    wire: WIRE,
    run,
    concurrency,
    perTarget: PER_TARGET,
    pace,
    deadlineMs,
    maxLossPercent,
    probes,
  };
  const awaited = new Set(probes.map((probe) => probe.case));
  const handlers = {
    onLine(line: AgentLine) {
      // An agent can only speak for what it was asked, once.
      if (line.type !== 'observation' || !awaited.delete(line.observation.case)) return;
      execution.append({ type: 'observation', observation: line.observation });
      execution.onObservation(line.observation);
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
