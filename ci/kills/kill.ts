import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { type Difference, differenceOf } from '../../fixtures/snapshots/difference.ts';
import { nodeDifference, nodeFacts } from '../../fixtures/snapshots/nodes.ts';
import { type Later, objectFacts, type Snapshot, sameAgain } from '../../fixtures/snapshots/snapshot.ts';
import { type Ended, startNetaccept } from '../command.ts';
import type { Mend, PlannedKill, Way } from './ways.ts';

export interface Around {
  cluster: Cluster;
  env: NodeJS.ProcessEnv;
  /** A folder for results; each run has its own in it. */
  folder: string;
  before: Snapshot;
  interrupted: AbortSignal;
}

export interface Killed {
  /** Seconds into its life. */
  at: number;
  /** What it had said last. */
  phase: string;
  /** What was in the cluster then that had not been there before. */
  left: Difference;
}

/** Each run's folder is known by when it was made. */
let made = 0;

/** A whole run, nobody kills it. */
export function wholeRun(way: Pick<Way, 'args' | 'env'>, { env, folder }: Around): Promise<Ended> {
  made += 1;
  return startNetaccept(['check', '--out', `${folder}/${made}`, ...way.args], { ...env, ...way.env }).ended;
}

/**
 * Starts a run and ends it with SIGKILL at this share of `lifeSeconds`. One that is faster this time and is through by
 * then is started again, to be killed earlier.
 */
export async function killedRun(
  { way, moment }: PlannedKill,
  lifeSeconds: number,
  around: Around,
): Promise<Killed> {
  const { cluster, env, folder, before } = around;
  let at = moment * lifeSeconds;
  for (;;) {
    made += 1;
    const running = startNetaccept(['check', '--out', `${folder}/${made}`, ...way.args], {
      ...env,
      ...way.env,
    });
    await Promise.race([pause(at * 1000), running.ended]);
    running.kill('SIGKILL');
    const { exitCode, said, seconds } = await running.ended;
    if (exitCode === undefined) {
      return { at, phase: said.at(-1) ?? '', left: differenceOf(before.objects, await objectFacts(cluster)) };
    }
    if (exitCode !== 0)
      throw new Error(`before it was killed the run ended with ${exitCode}: ${said.join('\n')}`);
    at = moment * seconds;
  }
}

export interface Mended extends Ended {
  objects: Later;
}

/** Seconds within which the cluster's own garbage collectors have to follow. */
const OBJECTS_WITHIN = 30;
const NODES_WITHIN = 150;

/** `clean`, or a whole run that removes its agents in the end; and what then is not as before. */
export async function mended(mend: Mend, way: Way, around: Around): Promise<Mended> {
  const args = way.args.filter((arg) => arg !== '--keep');
  const ended = await (mend === 'clean'
    ? startNetaccept(['clean', ...args], { ...around.env, ...way.env }).ended
    : wholeRun({ args, env: way.env }, around));
  return { ...ended, objects: await objectsAfter(around) };
}

export function objectsAfter({ before, cluster }: Around): Promise<Later> {
  return sameAgain(async () => differenceOf(before.objects, await objectFacts(cluster)), OBJECTS_WITHIN);
}

/** The kubelet and kube-proxy follow by their own clocks. */
export function nodesAfter({ before, cluster }: Around): Promise<Later> {
  return sameAgain(async () => nodeDifference(before.nodes, await nodeFacts(cluster)), NODES_WITHIN);
}
