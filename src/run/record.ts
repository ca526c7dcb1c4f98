import { mkdir } from 'node:fs/promises';
import { checks } from '../checks/registry.ts';
import { messageOf, SetupError } from '../errors.ts';
import { listAgents } from '../kube/agents.ts';
import { applyAgents } from '../kube/apply.ts';
import { connect, type KubeClient } from '../kube/connect.ts';
import { discoverNodes } from '../kube/discover.ts';
import { execBatch } from '../kube/exec.ts';
import { acquireLock } from '../kube/lock.ts';
import { removeAgents } from '../kube/remove.ts';
import { waitForAgents } from '../kube/wait.ts';
import { expandMatrix } from '../matrix/matrix.ts';
import type { Problem, Settings, Topology } from '../model.ts';
import { planRun } from '../plan/plan.ts';
import type { Tell } from './events.ts';
import { executePlan } from './execute.ts';
import { type Journal, openJournal } from './journal.ts';
import { journalPath, planDigest, type RunHeader, writeHeader, writeMatrix } from './recording.ts';
import { familiesOf } from './topology.ts';

export interface RecordOptions {
  settings: Settings;
  /** The run's folder; made if absent. */
  dir: string;
  /** Unique: it holds the cluster's lock under this name. */
  run: string;
  tool: string;
  signal: AbortSignal;
  tell: Tell;
}

export interface Recorded {
  /** Releases the lock and removes our objects, unless they are to be kept. What was removed. */
  close(): Promise<string[]>;
  requests: number;
}

/**
 * Records one run against the live cluster into `dir`. Never throws for what cluster or network did: a
 * failed set-up is data, one problem in the run's header, so that every run ends in a report.
 */
export async function recordRun(options: RecordOptions): Promise<Recorded> {
  const { dir, run, tool, settings } = options;
  await mkdir(dir, { recursive: true });
  const header: RunHeader = {
    schema: 1,
    run,
    tool,
    started: new Date().toISOString(),
    cluster: '',
    version: '',
    settings,
    problems: [],
  };
  // Filled in as things are made, undone in reverse: a teardown is queued before its set-up can fail.
  const undo: (() => Promise<string[]>)[] = [];
  const startedAt = performance.now();
  const session: Session = { ...options, header, undo, requests: () => 0 };
  try {
    await recordLive(session);
  } catch (error) {
    header.problems.push(...problemsOf(error, options.signal));
  }
  header.seconds = (performance.now() - startedAt) / 1000;
  await writeHeader(dir, header);
  return {
    get requests() {
      return session.requests();
    },
    async close() {
      const removed: string[] = [];
      for (const step of undo.reverse()) removed.push(...(await step()));
      return removed;
    },
  };
}

interface Session extends RecordOptions {
  header: RunHeader;
  undo: (() => Promise<string[]>)[];
  requests: () => number;
}

async function recordLive(session: Session): Promise<void> {
  const { settings, dir, run, signal, tell, header, undo } = session;
  const client = await connect(settings, signal);
  session.requests = () => client.requests;
  header.cluster = client.cluster;
  header.version = client.version;
  tell({ phase: 'connected', cluster: client.cluster, version: client.version });

  const { nodes, excluded } = await discoverNodes(client, settings, signal);
  const lock = await acquireLock(client, settings, {
    holder: run,
    waitMs: settings.run.lockWaitMs,
    signal,
    onWait: (message) => tell({ phase: 'waiting', message }),
  });
  undo.push(() => lock.release().then(() => []));
  // Undone before the lock is: no other run may start among pods that are on their way out.
  const namespaces = [settings.namespace, settings.hostNamespace];
  if (!settings.run.keep) undo.push(() => removeAgents(client, namespaces, { lock }));
  const stop = AbortSignal.any([signal, lock.lost]);

  const { spec } = await applyAgents(client, settings, stop);
  const agents = await waitForAgents(client, settings, nodes, spec, {
    signal: stop,
    onProgress: (ready, wanted) => tell({ phase: 'agents', ready, wanted }),
  });
  const { cluster, version } = client;
  const topology: Topology = {
    cluster,
    version,
    families: familiesOf(nodes, agents),
    nodes,
    excluded,
    agents,
  };
  const cases = expandMatrix(checks, topology, settings);
  const plan = planRun(run, cases, checks, topology, settings);
  header.topology = topology;
  header.planDigest = planDigest(plan);
  await writeMatrix(dir, cases);
  await writeHeader(dir, header);

  const journal = await openJournal(journalPath(dir));
  try {
    await probe(session, client, plan, journal, stop);
    if (signal.aborted) journal.append({ type: 'interrupted', signal: String(signal.reason) });
    else journal.append({ type: 'agents-after', agents: await listAgents(client, settings, spec) });
    if (lock.lost.aborted) header.problems.push(LOCK_LOST);
    journal.append({ type: 'recorded' });
  } finally {
    await journal.close();
  }
}

async function probe(
  session: Session,
  client: KubeClient,
  plan: ReturnType<typeof planRun>,
  journal: Journal,
  stop: AbortSignal,
): Promise<void> {
  const total = plan.unsent.length + plan.batches.reduce((sum, batch) => sum + batch.probes.length, 0);
  let done = 0;
  let failed = 0;
  const controls = new Set(plan.controls.map((control) => control.id));
  await executePlan(plan, session.settings, {
    runBatch: (batch, request, handlers) => execBatch(client, batch.source, request, handlers),
    append: (entry) => journal.append(entry),
    onObservation: ({ case: id, attempts }) => {
      done++;
      if (!controls.has(id) && attempts.at(-1)?.outcome !== 'reached') failed++;
      session.tell({ phase: 'probing', done, total, failed });
    },
    signal: stop,
    now: () => performance.now(),
  });
}

const LOCK_LOST: Problem = {
  code: 'lock-lost',
  message: 'the cluster-wide lock was lost during the run: another run may have disturbed this one',
  hint: 'check that the API server was reachable all the time, and run again',
};

function problemsOf(error: unknown, signal: AbortSignal): readonly Problem[] {
  if (signal.aborted)
    return [{ code: 'interrupted', message: `interrupted by ${signal.reason} before probing` }];
  if (error instanceof SetupError) return error.problems;
  return [{ code: 'setup', message: `the run could not be set up: ${messageOf(error)}` }];
}
