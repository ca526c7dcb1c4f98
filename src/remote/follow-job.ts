import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { KubeClient } from '../kube/connect.ts';
import { endOfJob, endOfPod, podOfJob, type RunJob, readJob, stateOfPod } from '../kube/jobs.ts';
import { followLog, type LogPosition } from '../kube/pod-log.ts';
import { whileAway } from '../kube/while-away.ts';

export interface Followed {
  /** `Complete`, `DeadlineExceeded: …`, or what else became of the Job. */
  end: string;
  /** Of the pod's container; absent where the pod is gone, or never started. */
  exitCode?: number;
  /** The pod's termination message, or what it was waiting for last. */
  said?: string;
}

export interface FollowOptions {
  onLine(line: string): void;
  /** The pod's state, and what became of the connection. */
  onState(state: string): void;
  signal: AbortSignal;
}

const POLL_MS = 2_000;
/** How long the API server may be away at a stretch. */
const AWAY_MS = 10 * 60_000;

/**
 * Follows a Job to its end, with its log. A lost connection is made again, for ten minutes at a time: the Job does not
 * need us. Throws what the API server refuses, or that it stayed away.
 */
export async function followJob(client: KubeClient, job: RunJob, options: FollowOptions): Promise<Followed> {
  const deadline = performance.now() + (job.limitSeconds + 120) * 1000;
  const last: Pick<Followed, 'exitCode' | 'said'> = {};
  const done = new AbortController();
  let log: Promise<void> | undefined;
  let told = '';
  try {
    while (performance.now() < deadline) {
      options.signal.throwIfAborted();
      const { found, pod } = await patiently(options, async () => ({
        found: await readJob(client, job.namespace, job.name),
        pod: await podOfJob(client, job),
      }));
      if (pod !== undefined) {
        const state = stateOfPod(pod);
        if (state !== told) options.onState(`pod ${pod.metadata?.name}: ${state}`);
        told = state;
        if (pod.status?.phase !== 'Pending')
          log ??= keepLog(client, job, pod.metadata?.name ?? '', options, done.signal);
        const terminated = endOfPod(pod);
        if (terminated === undefined) last.said = state;
        else
          Object.assign(last, {
            exitCode: terminated.exitCode,
            said: terminated.message ?? terminated.reason ?? state,
          });
      }
      const end = found === undefined ? 'it was deleted' : endOfJob(found);
      if (end !== undefined) return { end, ...last };
      await pause(POLL_MS, undefined, { signal: options.signal });
    }
    return { end: `it did not end within ${job.limitSeconds} s`, ...last };
  } finally {
    // The last lines come right behind the end.
    if (log !== undefined) await Promise.race([log, pause(POLL_MS)]);
    done.abort();
  }
}

async function keepLog(
  client: KubeClient,
  { namespace }: RunJob,
  pod: string,
  { onLine, signal }: FollowOptions,
  done: AbortSignal,
): Promise<void> {
  const position: LogPosition = { time: '', seen: new Set() };
  const either = AbortSignal.any([signal, done]);
  while (!either.aborted) {
    await followLog(client, { namespace, pod }, position, { onLine, signal: either });
    await pause(POLL_MS, undefined, { signal: either }).catch(() => undefined);
  }
}

/** Says once that the API server is away, and once that it is back. */
async function patiently<T>({ onState, signal }: FollowOptions, ask: () => Promise<T>): Promise<T> {
  let away = false;
  const answer = await whileAway(ask, {
    longestMs: AWAY_MS,
    signal,
    onAway: (error) => {
      if (!away) onState(`the API server is away, the Job goes on: ${messageOf(error)}`);
      away = true;
    },
  });
  if (away) onState('the API server answers again');
  return answer;
}
