// Vitest really judges here, in its own worker threads, over recordings on disk.
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { healthy, recordInto } from '../../../fixtures/recordings/recorded.ts';
import { judgeRecorded } from '../../../src/suite/judge.ts';

const folder = () => mkdtemp(join(tmpdir(), 'judge-'));
const GENEROUS = 120_000;

test('a healthy recording passes whole, also when a path takes several shards', {
  timeout: GENEROUS,
}, async () => {
  const dir = await folder();
  // 4 × 2 × 16² cases a path: more than one shard of 2000.
  await recordInto(dir, 16);
  const { result } = await judgeRecorded(dir);
  expect(result.problems).toEqual([]);
  expect(result.verdicts).toHaveLength(4 * 4 * 2 * 16 ** 2);
  expect(new Set(result.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['passed']));
  expect(result.exitCode).toBe(0);
  expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('one silent target is one failed case, one lost report one errored case', {
  timeout: GENEROUS,
}, async () => {
  const dir = await folder();
  const silent = 'pod-to-pod/udp/v6 node-1 → node-2';
  const lost = 'node-to-node/tcp/v4 node-2 → node-1';
  await recordInto(dir, 2, (probe) => {
    if (probe.case === lost) return undefined;
    return probe.case === silent ? { outcome: 'timed-out' } : healthy(probe);
  });
  const { result, files } = await judgeRecorded(dir);
  const rest = result.verdicts.filter(({ verdict }) => verdict !== 'passed');
  expect(rest.map(({ case: { id }, verdict }) => [id, verdict])).toEqual([
    [lost, 'errored'],
    [silent, 'failed'],
  ]);
  expect(result.exitCode).toBe(1);
  expect(await readFile(files['junit.xml'], 'utf8')).toContain('type="timed-out"');
});

test('one answered control makes the run worthless', { timeout: GENEROUS }, async () => {
  const dir = await folder();
  const answered = 'control/silent-address/tcp/v4 pod node-1';
  const responder = { node: 'x', pod: 'y', uid: 'z' };
  await recordInto(dir, 2, (probe) =>
    probe.case === answered ? { outcome: 'wrong-responder', responder } : healthy(probe),
  );
  const { result } = await judgeRecorded(dir);
  expect(result.controls.filter(({ state }) => state === 'broken')).toHaveLength(1);
  expect(result.exitCode).toBe(2);
});

test('while Vitest judges, nobody but the run itself listens for signals', {
  timeout: GENEROUS,
}, async () => {
  const listeners = () => ['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => process.listenerCount(signal));
  const before = listeners();
  const seen: number[][] = [];
  const dir = await folder();
  await recordInto(dir, 1);
  const judging = judgeRecorded(dir);
  let judged = false;
  void judging.finally(() => {
    judged = true;
  });
  while (!judged) {
    seen.push(listeners());
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.filter((counts) => counts.some((count, index) => count > (before[index] ?? 0)))).toEqual([]);
});
