import { setMaxListeners } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Observation, RoundProbes } from '../model.ts';
import { type BatchRequest, GO, WIRE } from '../wire.ts';
import { arrivalsAt } from './arrivals.ts';
import type { AgentEnvironment, OwnPort } from './environment.ts';
import { lanesOf } from './lanes.ts';
import { lineReader, lineWriter } from './lines.ts';
import { observe } from './observe.ts';
import { pacing } from './pace.ts';
import { parseRequest } from './request.ts';
import { roomFor } from './room.ts';

/**
 * One batch: a line of JSON on `input`, NDJSON on `output`, an observation for every probe whatever happens, and
 * between two rounds a line on `input` to wait for. In the end it tells what the runner asks of its own responder.
 * The end of `input` means that the runner is gone, and stops it as `signal` does.
 * Returns the exit code: 0 when `done` was written, 3 when the batch was refused. Throws when `output` breaks.
 */
export async function probe(
  { token, identity, tcpPort }: AgentEnvironment & OwnPort,
  { input, output, signal }: { input: Readable; output: Writable; signal: AbortSignal },
): Promise<number> {
  const write = lineWriter(output);
  const nextLine = lineReader(input);
  const parsed = await nextLine().then(parseRequest, (error: Error) => ({
    refused: `the request cannot be taken: ${error.message}`,
  }));
  if ('refused' in parsed) {
    await write({ type: 'refused', message: parsed.refused });
    input.destroy();
    return 3;
  }
  const { request } = parsed;
  await write({ type: 'hello', wire: WIRE, ...identity });
  const stop = new AbortController();
  const interrupt = () => stop.abort('interrupted');
  const deadline = setTimeout(() => stop.abort('deadline'), request.deadlineMs);
  signal.addEventListener('abort', interrupt, { once: true });
  input.once('end', interrupt);
  if (signal.aborted || input.readableEnded) interrupt();
  try {
    const context = { token, signal: stop.signal };
    const hurryAt = performance.now() + request.deadlineMs / 2;
    for (const [index, round] of request.rounds.entries()) {
      const report = (observation: Observation) => write({ type: 'observation', observation });
      await runRound(round, request, { ...context, hurryAt }, report);
      if (index === request.rounds.length - 1) break;
      await write({ type: 'round-done', round: round.round });
      // After an abort nobody is waited for: the rest is reported as unobserved at once.
      const said = await Promise.race([nextLine(), aborted(stop.signal)]);
      // Whatever else it may be, it is no runner that has made the next round ready.
      if (said !== GO.trim()) interrupt();
    }
    if (!stop.signal.aborted) {
      await write({ type: 'probed' });
      const question = await Promise.race([nextLine(), aborted(stop.signal)]);
      const told = await arrivalsAt({ tcpPort, uid: identity.uid, ...context }, question);
      if (told !== undefined) await write(told);
    }
    await write({ type: 'done', count: request.rounds.reduce((sum, { probes }) => sum + probes.length, 0) });
    return 0;
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', interrupt);
    // Nobody reads any more: nothing that is still open must keep the process.
    interrupt();
    input.destroy();
  }
}

/** After an abort the same loop writes what is left, as unobserved: nothing asked stays without an answer. */
async function runRound(
  { round, probes }: RoundProbes,
  { perTarget, concurrency, calmConcurrency, pace, maxLossPercent }: BatchRequest,
  { token, signal, hurryAt }: { token: string; signal: AbortSignal; hurryAt: number },
  report: (observation: Observation) => Promise<void>,
): Promise<void> {
  // Each probe in flight listens: that is no leak.
  setMaxListeners(0, signal);
  const lanes = lanesOf(probes, perTarget);
  const paced = pacing(pace, signal);
  const context = { signal, token, maxLossPercent, roundStartedAt: performance.now() };
  const most = round === 'calm' ? calmConcurrency : concurrency;
  const room = roomFor({ most, signal, hurryAt });
  const work = async () => {
    for (;;) {
      await room.enter();
      const next = await lanes.take();
      if (next === undefined) return room.leave();
      const observation = await observe(next, context, paced);
      lanes.release(next);
      room.leave();
      await report(observation);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, probes.length) }, work)).finally(room.close);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
