import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Cluster } from '../../../fixtures/clusters/cluster.ts';
import { undoLeft, withFault } from '../../../fixtures/faults/inject.ts';
import { leftUndo, rememberUndo } from '../../../fixtures/faults/undo-file.ts';

let folder: string;
let cluster: Cluster;
let ran: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netaccept-undo-'));
  vi.stubEnv('NETACCEPT_CACHE', folder);
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, 'first');
  ran = [];
  const exec: Cluster['exec'] = async (node, command) => {
    ran.push(`${node}: ${command.join(' ')}`);
    return { exitCode: command[0] === 'broken' ? 1 : 0, stdout: '', stderr: 'it is broken' };
  };
  cluster = { name: 'c', kubeconfig, exec } as unknown as Cluster;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('what is to be undone is on disk before it is done, and gone once it is undone', async () => {
  const fault = { node: 'n', inject: [['cut']], undo: [['mend']] };
  await withFault(cluster, fault, async () => {
    expect(await leftUndo(cluster)).toEqual([{ node: 'n', command: ['mend'] }]);
  });
  expect(ran).toEqual(['n: cut', 'n: mend']);
  expect(await leftUndo(cluster)).toEqual([]);
});

test('what a killed test has left is undone, the last first, and only once', async () => {
  for (const command of [['first'], ['second']]) await rememberUndo(cluster, { node: 'n', command });
  expect(await undoLeft(cluster)).toEqual(['n: second', 'n: first']);
  expect(ran).toEqual(['n: second', 'n: first']);
  expect(await undoLeft(cluster)).toEqual([]);
});

test('a cluster that was made anew under the same name is left alone', async () => {
  await rememberUndo(cluster, { node: 'n', command: ['mend'] });
  await writeFile(cluster.kubeconfig, 'second');
  expect(await undoLeft(cluster)).toEqual([]);
});

test('a fault of which only the first half could be made is undone to that extent, and the error is told', async () => {
  const fault = { node: 'n', inject: [['cut'], ['broken']], undo: [['mend'], ['mend more']] };
  await expect(withFault(cluster, fault, async () => {})).rejects.toThrow(
    'on n: broken: exit code 1: it is broken',
  );
  expect(ran).toEqual(['n: cut', 'n: broken', 'n: mend']);
});
