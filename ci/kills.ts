// `npm run test:kills`: runs killed at random moments, and whether `netaccept clean` or the next run then leaves the
// cluster exactly as it was before. Exit code 1 unless it did each time.
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { differenceLines, isEmpty } from '../fixtures/snapshots/difference.ts';
import { takeSnapshot } from '../fixtures/snapshots/snapshot.ts';
import { applyObjects, removeNamespace } from '../fixtures/workloads/objects.ts';
import { kubectlFolder } from './cluster/kubectl.ts';
import { startNetaccept } from './command.ts';
import { type Around, killedRun, mended, nodesAfter, objectsAfter, wholeRun } from './kills/kill.ts';
import { moments, seeded } from './kills/moments.ts';
import { heading, type KillRecord, lateLines, lineOf, troubleOf } from './kills/table.ts';
import { plannedKills, SOMEBODYS } from './kills/ways.ts';
import { interruption, onCluster, print, runProgram, say, wholeNumber } from './program.ts';
import { readyCluster } from './ready-cluster.ts';

const MAX_SEED = 2 ** 31 - 1;

const program = new Command('test:kills')
  .description('Kills runs at random moments; clean, or the next run, must then leave the cluster as it was.')
  .option('--kills <count>', 'how many', '20')
  .option('--seed <number>', 'for the same moments again')
  .exitOverride();
onCluster(program);

await runProgram(async () => {
  const { kills, seed, cluster } = program.parse().opts<{ kills: string; seed?: string; cluster: string }>();
  return killAndLook({
    count: wholeNumber('--kills', kills, 1, 10_000),
    seed: seed === undefined ? randomInt(MAX_SEED) : wholeNumber('--seed', seed, 0, MAX_SEED),
    name: cluster,
  });
});

async function killAndLook({
  count,
  seed,
  name,
}: {
  count: number;
  seed: number;
  name: string;
}): Promise<number> {
  const interrupted = interruption();
  const { cluster, env } = await readyCluster(name, say);
  if (cluster.provider === 'local') process.env.PATH = `${await kubectlFolder(say)}:${process.env.PATH}`;
  await startNetaccept(['clean'], env).ended;
  for (const namespace of SOMEBODYS) await applyObjects(cluster, namespace, []);
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-kills-'));
  try {
    print(`seed ${seed}`);
    const before = await takeSnapshot(cluster);
    print(
      `before: ${before.objects.size} objects, ${before.nodes.size} facts about ${cluster.nodes.length} Nodes`,
    );
    const around = { cluster, env, folder, before, interrupted };
    const records = await allKills(count, seed, around);
    const bad = records.filter(({ mended: after }) => troubleOf(after).length > 0);
    // Once, after all of them: the kubelet and kube-proxy follow by their own clocks, and what one kill leaves stays.
    const nodes = await nodesAfter(around);
    for (const line of differenceLines(nodes.left)) print(`  ${line}`);
    print(
      `\n${records.length} of ${count} kills: after ${records.length - bad.length} of them every object was exactly as before;` +
        ` the Nodes are ${isEmpty(nodes.left) ? `as before, ${(nodes.seconds ?? 0).toFixed(0)} s after the last` : 'NOT as before'}`,
    );
    return bad.length === 0 && records.length === count && isEmpty(nodes.left) ? 0 : 1;
  } finally {
    await startNetaccept(['clean'], env).ended;
    await startNetaccept(['clean', '--namespace', SOMEBODYS[0]], env).ended;
    for (const namespace of SOMEBODYS) await removeNamespace(cluster, namespace);
    await rm(folder, { recursive: true });
  }
}

async function allKills(count: number, seed: number, around: Around): Promise<KillRecord[]> {
  const lifeSeconds = await lifeOf(around);
  print(heading());
  const records: KillRecord[] = [];
  for (const planned of plannedKills(moments(count, seeded(seed)))) {
    if (around.interrupted.aborted) break;
    const killed = await killedRun(planned, lifeSeconds, around);
    const after = await mended(planned.mend, planned.way, around);
    const record = { number: records.length + 1, planned, killed, mended: after };
    records.push(record);
    print(lineOf(record));
    for (const line of [...troubleOf(after), ...lateLines(after.objects)]) print(`  ${line}`);
  }
  return records;
}

/** Seconds that a run takes. Nobody kills this one, and it must leave nothing either. */
async function lifeOf(around: Around): Promise<number> {
  const { exitCode, seconds, said } = await wholeRun({ args: [], env: {} }, around);
  if (exitCode !== 0) throw new Error(`a run that nobody kills ended with ${exitCode}: ${said.join('\n')}`);
  const { left } = await objectsAfter(around);
  if (!isEmpty(left)) throw new Error(`a run that nobody kills leaves ${differenceLines(left).join('\n')}`);
  print(`a run that nobody kills takes ${seconds.toFixed(1)} s and leaves nothing`);
  return seconds;
}
