// Nodes that are sick, cordoned, gone or new: each is told.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { withFault } from '../../fixtures/faults/inject.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { createGhost, GHOST, removeGhost } from './ghost.ts';
import { type Checked, check, idsWith, junitOf, netaccept } from './netaccept.ts';
import { kubectl } from './users.ts';

const ONLY = ['--keep', '--only', 'freshness'];
const idOf = (node: string) => `on-node/freshness ${node} → Ready and covered`;

let cluster: Cluster;
let three: string;
let four: string;

beforeAll(async () => {
  cluster = await testCluster();
  [, , three, four] = await fourNodes(cluster);
  expect((await check(ONLY)).exitCode).toBe(0);
});

afterAll(async () => {
  await removeGhost();
  await netaccept(['clean']);
});

/** Holds the run still when it has seen the Nodes and is bringing the agents up, and lets it go on afterwards. */
async function checkWhile(meddle: () => Promise<unknown>): Promise<Checked> {
  let meddling: Promise<unknown> | undefined;
  const ran = await check(ONLY, {
    env: { NETACCEPT_AGENTS_READY_TIMEOUT: '4s' },
    onLine: (line, kill) => {
      if (meddling !== undefined || !line.startsWith('agents')) return;
      kill('SIGSTOP');
      meddling = meddle().finally(() => kill('SIGCONT'));
    },
  });
  expect(meddling).toBeDefined();
  await meddling;
  return ran;
}

test('a Node that joins during the run: told, and not green without it', async () => {
  try {
    const { result, exitCode } = await checkWhile(createGhost);
    expect(idsWith(result, 'passed')).toHaveLength(4);
    expect(result.problems.map(({ message }) => message)).toEqual([
      `Node ${GHOST} joined during the run: not tested`,
    ]);
    expect(exitCode).toBe(2);
  } finally {
    await removeGhost();
  }
});

test('a Node that is deleted during the run, or deleted and made anew: errored, and no other', async () => {
  try {
    for (const [meddle, sentence] of [
      [removeGhost, 'the Node was deleted during the run'],
      [() => removeGhost().then(createGhost), 'the Node was deleted and registered anew during the run'],
    ] as const) {
      await removeGhost();
      await createGhost();
      const { result, exitCode } = await checkWhile(meddle);
      expect(idsWith(result, 'failed')).toEqual([]);
      expect(idsWith(result, 'errored')).toEqual([idOf(GHOST)]);
      expect(result.verdicts.find(({ verdict }) => verdict === 'errored')?.sentence).toBe(sentence);
      expect(result.problems).toEqual([]);
      expect(exitCode).toBe(2);
    }
  } finally {
    await removeGhost();
  }
});

test('a cordoned and a tainted Node: green, and told in every report', async () => {
  const taint = 'netaccept.test/maintenance=yes:NoSchedule';
  try {
    await kubectl('cordon', three);
    await kubectl('taint', 'node', four, taint);
    const { result, exitCode, dir } = await check(ONLY);
    expect(exitCode).toBe(0);
    const told = [`Node ${three} is cordoned`, `Node ${four} is tainted: ${taint}`];
    expect(result.notes).toEqual(expect.arrayContaining(told));
    const summary = await readFile(join(dir, 'summary.txt'), 'utf8');
    const junit = await junitOf(dir);
    for (const note of told) {
      expect(summary.split('\n').join(' ')).toContain(note);
      expect(junit).toContain(`value="${note}"`);
    }
  } finally {
    await kubectl('uncordon', three);
    await kubectl('taint', 'node', four, `${taint}-`);
  }
});

test('a Node whose kubelet stands still: red, with the reason that Kubernetes gives', async () => {
  const fault = {
    node: four,
    inject: [['pkill', '-STOP', '-x', 'kubelet']],
    undo: [['pkill', '-CONT', '-x', 'kubelet']],
  };
  const { result, exitCode } = await withFault(cluster, fault, async () => {
    await kubectl('wait', '--for=condition=Ready=Unknown', `node/${four}`, '--timeout=120s');
    return check(ONLY);
  });
  await kubectl('wait', '--for=condition=Ready', `node/${four}`, '--timeout=120s');
  await kubectl('wait', '--for=condition=Ready', 'pod', '--all', '-A', '--timeout=120s');
  expect(idsWith(result, 'failed')).toEqual([idOf(four)]);
  expect(idsWith(result, 'errored')).toEqual([]);
  expect(exitCode).toBe(1);
  expect(result.verdicts.find(({ verdict }) => verdict === 'failed')?.sentence).toMatch(
    new RegExp(`^Node ${four} was NotReady when the run began \\(NodeStatusUnknown: Kubelet stopped posting`),
  );
  expect((await check(ONLY)).exitCode).toBe(0);
});
