import { setTimeout as pause } from 'node:timers/promises';
import { checks } from '../checks/registry.ts';
import { messageOf, SetupError } from '../errors.ts';
import { listAgents } from '../kube/agents.ts';
import { connect, type KubeClient } from '../kube/connect.ts';
import { discoverNodes } from '../kube/discover.ts';
import { execBatch } from '../kube/exec.ts';
import { explainForbidden, requireRights } from '../kube/permissions.ts';
import { whileAway } from '../kube/while-away.ts';
import { expandMatrix } from '../matrix/matrix.ts';
import { selectedChecks, selectsAnything } from '../matrix/select.ts';
import { unconfigured } from '../matrix/unconfigured.ts';
import type { Case, JournalEntry, Plan, Problem, Topology } from '../model.ts';
import { planRun } from '../plan/plan.ts';
import { executePlan } from './execute.ts';
import { openJournal } from './journal.ts';
import { policyRounds } from './policy-rounds.ts';
import { journalPath, planDigest, writeHeader, writeMatrix } from './recording.ts';
import type { Session } from './session.ts';
import { settle } from './settle.ts';
import { familiesOf, joinedMeanwhile } from './topology.ts';

/** Everything between the first API request and the last observation. Throws for what stands in its way. */
export async function recordLive(session: Session): Promise<void> {
  const { settings, dir, run, signal, header } = session;
  if (!selectsAnything(settings, checks)) throw new SetupError(NOTHING_SELECTED);
  const client = await connect(settings, signal);
  session.requests = () => client.requests;
  const { version } = client;
  const cluster = settings.clusterName ?? client.cluster;
  Object.assign(header, { cluster, version });
  session.tell({ phase: 'connected', cluster, version });

  const selected = selectedChecks(settings, checks);
  for (const message of await requireRights(client, settings, selected, signal)) {
    session.tell({ phase: 'warning', message });
  }
  const { nodes, excluded, outside, agents, services, settledAt, spec, lock, stop } = await explainForbidden(
    client,
    settings,
    () => settle(session, client, selected),
    signal,
    selected,
  );
  const topology: Topology = {
    cluster,
    version,
    families: familiesOf(nodes, agents),
    nodes,
    excluded,
    outside,
    agents,
    services,
  };
  const problems = unconfigured(checks, topology, settings);
  if (problems.length > 0) throw new SetupError(problems);
  const cases = casesFor(session, topology);
  const plan = planRun(run, cases, checks, topology, settings);
  header.topology = topology;
  header.planDigest = planDigest(plan);
  await writeMatrix(dir, cases);
  await writeHeader(dir, header);

  const journal = await openJournal(journalPath(dir), run);
  try {
    const blocked = new Set(cases.filter((entry) => entry.expect === 'blocked').map(({ id }) => id));
    await probe(session, client, { plan, blocked }, (entry) => journal.append(entry), { stop, settledAt });
    if (signal.aborted) journal.append({ type: 'interrupted', signal: String(signal.reason) });
    else {
      // The API server may just be coming back: what it says now is worth the wait.
      const patience = { longestMs: AWAY_MS, signal };
      const agents = await whileAway(() => listAgents(client, settings, spec), patience);
      journal.append({ type: 'agents-after', agents });
      if (selected.has('freshness')) {
        const after = await whileAway(() => discoverNodes(client, settings), patience);
        journal.append({ type: 'nodes-after', nodes: [...after.nodes, ...after.outside] });
        header.problems.push(...joinedMeanwhile(topology, after.nodes));
      }
    }
    journal.append({ type: 'recorded' });
  } catch (error) {
    header.problems.push(unseenAfter(error));
  } finally {
    await journal.close();
  }
  if (lock.lost.aborted) header.problems.push(LOCK_LOST);
}

/** The whole matrix; of a resume, what it runs again. */
function casesFor({ settings, header, resume }: Session, topology: Topology): Case[] {
  const all = expandMatrix(checks, topology, settings);
  if (resume === undefined) return all;
  const { cases, gone, replaced } = resume.choose(all);
  header.resumes = { run: resume.run, gone, replaced };
  return cases;
}

async function probe(
  session: Session,
  client: KubeClient,
  { plan, blocked }: { plan: Plan; blocked: ReadonlySet<string> },
  append: (entry: JournalEntry) => void,
  { stop, settledAt }: { stop: AbortSignal; settledAt: number },
): Promise<void> {
  const total =
    plan.unsent.length +
    plan.batches.flatMap(({ rounds }) => rounds).reduce((sum, { probes }) => sum + probes.length, 0);
  let done = 0;
  let failed = 0;
  let errored = 0;
  const controls = new Set(plan.controls.map((control) => control.id));
  const policyRound = policyRounds(client, session);
  await executePlan(plan, session.settings, {
    runBatch: (batch, request, handlers) => execBatch(client, batch.source, request, handlers),
    append,
    onObservation: ({ case: id, attempts }) => {
      done++;
      const outcome = attempts.at(-1)?.outcome;
      if (outcome === 'unobserved') errored++;
      // For progress only: the judge knows more.
      else if ((outcome === 'reached') === blocked.has(id) && !controls.has(id)) failed++;
      session.tell({ phase: 'probing', done, total, failed, errored });
    },
    enter: async (round) => {
      // The one wait without a condition to look for: only each Node's own kube-proxy and each DNS server know whether
      // they have taken a Service in, and asking them is the very test. An abort ends the batches by itself.
      const leftMs = settledAt - performance.now();
      if (round === 'settled' && leftMs > 0) await pause(leftMs, undefined, { signal: stop }).catch(() => {});
      await policyRound(round);
    },
    signal: stop,
    now: () => performance.now(),
  });
}

/** How long the API server may be away when the probing is over. */
const AWAY_MS = 60_000;

const NOTHING_SELECTED: Problem = {
  code: 'empty-matrix',
  message: 'the matrix is empty: only and skip leave no check on any path, so nothing could be proven',
  hint: 'widen --only/--skip or the config keys only and skip; netaccept checks lists the names',
};

const LOCK_LOST: Problem = {
  code: 'lock-lost',
  message: 'the cluster-wide lock was lost during the run: another run may have disturbed this one',
  hint: 'check that the API server was reachable all the time, and run again',
};

function unseenAfter(error: unknown): Problem {
  return {
    code: 'agents-after',
    message: `after probing, the agents could not be looked at again: ${messageOf(error)}`,
    hint: 'a case that failed may have failed because its target was gone; run again',
  };
}
