// The runner's own machine in trouble: whatever is missing is told, nothing is green for want of it, and nothing is left.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { netaccept } from './netaccept.ts';
import { leftovers } from './users.ts';

const ONLY = ['check', '--only', 'tcp'];

test('a full disk in the results folder: not green, and told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-full-'));
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', folder]);
  onTestFinished(async () => {
    await execa('umount', [folder]);
  });
  const { exitCode, said } = await netaccept([...ONLY, '--out', join(folder, 'run')]);
  expect([2, 3]).toContain(exitCode);
  expect(said).toContain('ENOSPC');
  expect(await leftovers()).toEqual([]);
});

test('too few file descriptors for the runner: not green, never red, and told', async () => {
  const { exitCode, said } = await netaccept(ONLY, { under: ['prlimit', '--nofile=26'] });
  expect([2, 3]).toContain(exitCode);
  expect(said).toMatch(/^error: .*(EMFILE|too many open files|itself broke)/m);
  expect(await leftovers()).toEqual([]);
});
