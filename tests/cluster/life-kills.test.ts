// Killed at a random moment of its life, a run leaves nothing that `clean` or the next run does not take away. Twenty
// such kills: `npm run test:kills`. Three take about four minutes.
import { randomInt } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Around, killedRun, mended, nodesAfter } from '../../ci/kills/kill.ts';
import { moments, seeded } from '../../ci/kills/moments.ts';
import { troubleOf } from '../../ci/kills/table.ts';
import { plannedKills, SOMEBODYS, WAYS } from '../../ci/kills/ways.ts';
import { differenceLines } from '../../fixtures/snapshots/difference.ts';
import { takeSnapshot } from '../../fixtures/snapshots/snapshot.ts';
import { applyObjects, removeNamespace } from '../../fixtures/workloads/objects.ts';
import { testCluster } from './cluster.ts';
import { netaccept } from './netaccept.ts';

/** About as long as a run lives where nobody else wants the CPU; one that is through earlier is killed earlier. */
const LIFE_SECONDS = 30;
const SEED = randomInt(2 ** 31 - 1);
const PLANNED = plannedKills(
  moments(2, seeded(SEED)),
  WAYS.filter(({ name }) => name === 'policy' || name === 'keep'),
);

let around: Around;

beforeAll(async () => {
  await netaccept(['clean']);
  const cluster = await testCluster();
  for (const namespace of SOMEBODYS) await applyObjects(cluster, namespace, []);
  const env = {
    ...process.env,
    KUBECONFIG: inject('kubeconfig'),
    NETACCEPT_IMAGE_NAME: inject('agentImage'),
    NETACCEPT_IMAGE_PULL_POLICY: 'Never',
  };
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-kills-'));
  const interrupted = new AbortController().signal;
  around = { cluster, env, folder, interrupted, before: await takeSnapshot(cluster) };
});

afterAll(async () => {
  for (const namespace of SOMEBODYS) await removeNamespace(around.cluster, namespace);
});

test.each(PLANNED.map((planned) => [planned.way.name, planned.mend, planned] as const))(
  `a run (%s) that was killed, then %s: every object of the cluster is as before (seed ${SEED})`,
  async (_, mend, planned) => {
    await killedRun(planned, LIFE_SECONDS, around);
    expect(troubleOf(await mended(mend, planned.way, around))).toEqual([]);
  },
);

test('a run that was killed while it held the lock, in Namespaces of somebody else: clean takes the Lease too', async () => {
  const way = WAYS.find(({ args }) => args.includes('--namespace'));
  if (way === undefined) throw new Error('no way has a Namespace of its own');
  const { left } = await killedRun({ way, mend: 'clean', moment: 0.5 }, LIFE_SECONDS, around);
  expect(left.added).toContain(`Lease.coordination.k8s.io ${SOMEBODYS[0]}/netaccept`);
  expect(troubleOf(await mended('clean', way, around))).toEqual([]);
});

test('and no process, container, address, device, route or packet filter rule is left on any Node', async () => {
  expect(differenceLines((await nodesAfter(around)).left)).toEqual([]);
});
