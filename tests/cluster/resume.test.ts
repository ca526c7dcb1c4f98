// A run that was not green, resumed until it is: on a cluster that is repaired bit by bit, and one that has changed.
import { cp, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { dropRule, withFault } from '../../fixtures/faults/inject.ts';
import type { RunResult } from '../../src/model.ts';
import { readRecordedRun } from '../../src/run/recording.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { createGhost, GHOST, removeGhost } from './ghost.ts';
import { type Checked, check, idsWith, junitOf, netaccept } from './netaccept.ts';
import { expectGreen } from './red.ts';

const ONLY = ['--keep', '--only', 'tcp,icmp,services'];
/** A Node without agents is waited for this long. */
const SHORT = { env: { NETACCEPT_AGENTS_READY_TIMEOUT: '4s' } };

let cluster: Cluster;
let two: string;

beforeAll(async () => {
  cluster = await testCluster();
  [, two] = await fourNodes(cluster);
  await removeGhost();
  // Later runs wait only shortly for agents.
  expectGreen(await check(ONLY));
});

afterAll(async () => {
  await removeGhost();
  await netaccept(['clean']);
});

async function resume(dir: string, ...args: string[]): Promise<Checked> {
  const ran = await netaccept(['resume', dir, '--json', '--keep', ...args]);
  const result = (ran.exitCode === 3 ? undefined : JSON.parse(ran.stdout)) as RunResult;
  return { ...ran, dir, result };
}

async function ranAgain(dir: string): Promise<string[]> {
  const { resumes } = await readRecordedRun(dir);
  return (resumes.at(-1)?.cases ?? []).map(({ id }) => id);
}

async function testCasesIn(dir: string): Promise<number> {
  const names = (await readdir(dir)).filter((name) => /^junit.*\.xml$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')));
  return texts.join('').match(/<testcase [^>]*name="[^"]*→/g)?.length ?? 0;
}

const toTcp = (program: string) => dropRule(two, 'INPUT -p tcp --dport 29801 -j DROP', [program]);

test('after a partial repair only what is red is run again: exit 1, then 0, and the whole matrix in each report', async () => {
  let red: string[] = [];
  const { dir } = await withFault(cluster, toTcp('iptables'), async () => {
    const broken = await withFault(cluster, toTcp('ip6tables'), () => check(ONLY));
    red = idsWith(broken.result, 'failed');
    expect(red.length).toBeGreaterThan(4);
    expect(red).toEqual(red.filter((id) => id.endsWith(`→ ${two}`)));
    const partly = await resume(broken.dir);
    expect(await ranAgain(broken.dir)).toEqual(red);
    expect(partly.exitCode).toBe(1);
    expect(idsWith(partly.result, 'failed')).toEqual(red.filter((id) => id.includes('/v4 ')));
    expect(partly.result.verdicts).toHaveLength(broken.result.verdicts.length);
    expect(partly.result.resumes).toMatchObject([{ cases: red.length, passed: red.length / 2 }]);
    return broken;
  });
  const mended = await resume(dir);
  expectGreen(mended);
  expect(await ranAgain(dir)).toEqual(red.filter((id) => id.includes('/v4 ')));
  expect(mended.result.resumes).toHaveLength(2);
  expect(await testCasesIn(dir)).toBe(mended.result.verdicts.length);

  const nothing = await resume(dir);
  expect(nothing.exitCode).toBe(3);
  expect(nothing.stderr).toContain('nothing is left to resume');
  expect((await readRecordedRun(dir)).resumes).toHaveLength(2);

  // On another machine: nothing but the folder, and no cluster.
  const copy = await mkdtemp(join(tmpdir(), 'netaccept-copy-'));
  await cp(dir, copy, { recursive: true });
  const again = await netaccept(['report', copy, '--out', join(copy, 'again')], {
    env: { KUBECONFIG: '/nowhere' },
  });
  expect(again.exitCode).toBe(0);
  for (const name of await readdir(join(copy, 'again'))) {
    expect(await readFile(join(copy, 'again', name), 'utf8'), name).toBe(
      await readFile(join(dir, name), 'utf8'),
    );
  }
});

test('interrupted in the middle: what was seen counts, and a resume runs the rest', async () => {
  let asked = false;
  const cut = await check(ONLY, {
    env: { NETACCEPT_PROBE_PACE: '10' },
    onLine(line, kill) {
      if (asked || !/^probed: [1-9]/.test(line)) return;
      asked = true;
      kill('SIGINT');
    },
  });
  expect(cut.exitCode).toBe(2);
  const unseen = idsWith(cut.result, 'errored');
  expect(idsWith(cut.result, 'passed').length).toBeGreaterThan(0);
  expect(unseen.length).toBeGreaterThan(0);
  const whole = await resume(cut.dir);
  expectGreen(whole);
  expect(await ranAgain(cut.dir)).toEqual(expect.arrayContaining(unseen));
});

test('a Node that is new: refused by name and nothing changed; by force it is told, and not green without it', async () => {
  const { dir, broken } = await withFault(cluster, toTcp('iptables'), async () => {
    const ran = await check(['--keep', '--only', 'tcp'], SHORT);
    return { dir: ran.dir, broken: ran };
  });
  const junit = await junitOf(dir);
  try {
    await createGhost();
    const refused = await resume(dir);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain(`Node ${GHOST} is new`);
    expect(refused.stderr).toContain('--force');
    expect(await junitOf(dir)).toBe(junit);
    expect((await readRecordedRun(dir)).resumes).toEqual([]);
    const forced = await resume(dir, '--force');
    expect(forced.exitCode).toBe(2);
    expect(await ranAgain(dir)).toEqual(idsWith(broken.result, 'failed'));
    expect(idsWith(forced.result, 'failed')).toEqual([]);
    expect(idsWith(forced.result, 'errored')).toEqual([]);
    expect(forced.result.problems.map(({ message }) => message)).toEqual([
      `Node ${GHOST} is new since the run began: not tested`,
    ]);
  } finally {
    await removeGhost();
  }
});

test('a Node that is gone, or registered anew: refused; by force the rest is run and its cases stay errored', async () => {
  try {
    await createGhost();
    const { dir, result } = await check(['--keep', '--only', 'tcp'], SHORT);
    const ofGhost = idsWith(result, 'errored');
    expect(ofGhost.length).toBeGreaterThan(0);
    expect(ofGhost).toEqual(ofGhost.filter((id) => id.includes(GHOST)));
    await removeGhost();
    expect((await resume(dir)).stderr).toContain(`Node ${GHOST} of the recorded run is gone`);
    const forced = await resume(dir, '--force');
    expect([forced.exitCode, idsWith(forced.result, 'errored')]).toEqual([2, ofGhost]);
    expect(new Set(forced.result.verdicts.map(({ reason }) => reason))).toEqual(
      new Set(['proof', 'target-gone']),
    );
    await createGhost();
    expect((await resume(dir)).stderr).toContain(`Node ${GHOST} is another one than in the recorded run`);
  } finally {
    await removeGhost();
  }
});

test('no cluster behind the kubeconfig: exit 3, and the run is what it was', async () => {
  const { dir } = await withFault(cluster, toTcp('iptables'), () => check(['--keep', '--only', 'tcp']));
  const before = await readdir(dir);
  const refused = await netaccept(['resume', dir, '--kubeconfig', '/nowhere/kubeconfig']);
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toContain('/nowhere/kubeconfig');
  expect((await readdir(dir)).filter((name) => name !== 'resumes')).toEqual(before);
  expect((await readRecordedRun(dir)).resumes).toEqual([]);
});
