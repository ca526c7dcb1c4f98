// Runs of one results folder beside each other: green, broken on purpose, mended.
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dropRule, withFault } from '../../fixtures/faults/inject.ts';
import type { Comparison } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { check, netaccept, PAIRS } from './netaccept.ts';
import { idsWhere } from './predict.ts';
import { expectGreen } from './red.ts';

afterAll(async () => {
  await netaccept(['clean']);
});

test('each run names what is newly broken and what was fixed; diff says the same; two runs are kept', async () => {
  const cluster = await testCluster();
  const [, , three] = await fourNodes(cluster);
  const results = await mkdtemp(join(tmpdir(), 'netaccept-history-'));
  const run = (name: string, ...more: string[]) =>
    check(['--keep', ...PAIRS, '--out', join(results, name), ...more]);
  const diff = async (before: string, after: string) => {
    const { exitCode, stdout } = await netaccept([
      'diff',
      '--json',
      join(results, before),
      join(results, after),
    ]);
    return { exitCode, comparison: (JSON.parse(stdout) as { comparison: Comparison }).comparison };
  };

  const green = await run('green');
  expectGreen(green);
  expect(green.result.comparison).toBeUndefined();

  const red = await withFault(cluster, dropRule(three, 'INPUT -p tcp --dport 29801 -j DROP'), () =>
    run('red'),
  );
  const broken = idsWhere(
    red.result,
    ({ check: name, target }) => name === 'tcp' && target.network === 'host' && target.node === three,
  );
  expect(broken).toHaveLength(16);
  expect(red.result.comparison).toMatchObject({
    against: { run: green.result.run, exitCode: 0 },
    newlyBroken: broken,
    ...NO_OTHER_NEWS,
  });

  const still = await withFault(cluster, dropRule(three, 'INPUT -p tcp --dport 29801 -j DROP'), () =>
    run('still-red'),
  );
  expect(still.result.comparison).toMatchObject({
    against: { run: red.result.run, exitCode: 1 },
    newlyBroken: [],
    stillBroken: broken,
  });

  const mended = await run('mended', '--keep-runs', '2');
  expectGreen(mended);
  expect(mended.result.comparison).toMatchObject({
    against: { run: still.result.run, exitCode: 1 },
    newlyBroken: [],
    ...NO_OTHER_NEWS,
    fixed: broken,
  });
  expect((await readdir(results)).sort()).toEqual(['mended', 'still-red']);
  expect(mended.stderr).toContain(`removed: ${join(results, 'green')}, older than the newest 2`);

  const backwards = await diff('mended', 'still-red');
  expect([backwards.exitCode, backwards.comparison.newlyBroken]).toEqual([1, broken]);
  const forwards = await diff('still-red', 'mended');
  expect([forwards.exitCode, forwards.comparison.fixed]).toEqual([0, broken]);
  // The recording holds what it was compared with: the same comparison, long after its neighbours are gone.
  expect(forwards.comparison).toEqual(mended.result.comparison);
});

/** Round-trip times are the machine's own, so nothing is said about `slower` and `newlyFlaky` here. */
const NO_OTHER_NEWS = { fixed: [], stillBroken: [], added: [], gone: [] };
